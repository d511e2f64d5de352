import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.policy import policy_adapter
from baoke_chassis.testing import DEALER
from lead_service.db.lead_mapping import lead_of
from lead_service.domain.grade import Grade
from lead_service.domain.stage import Stage
from lead_service.domain.worklist import BudgetWeight, WorklistPolicy, ranked
from sqlalchemy import text

JOB = "rank-worklists"
OTHERWISE = WorklistPolicy(
    grade_weights={Grade.H: 10.0, Grade.A: 5.0, Grade.B: 3.0, Grade.C: 1.0},
    stage_weights={Stage.VISITED: 7.0},
    budget_weights=(BudgetWeight(10_000_000, 1.5), BudgetWeight(30_000_000, 3.0)),
    unanswered_weight=2.0,
    urgency_doubles_in_hours=6,
)


@pytest.fixture
async def leads(client, client_as, capture):
    """Leads of every grade, some answered, some further along, some without a budget."""
    advisor = client_as(Role.ADVISOR, subject=str(uuid4()))
    for number, grade in enumerate("habc" * 2):
        lead_id = await capture(advisor, grade=grade, interest={"budget_cents": number * 6_000_000 or None})
        if number % 2:
            await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
        if number % 3 == 0:
            await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": "visited"})


async def test_other_weights_put_every_open_lead_where_the_rule_would(leads, set_policy, run_job, session, monkeypatch):
    monkeypatch.setattr("lead_service.commands.rank_worklists.BATCH", 3)
    await set_policy(working={"worklist": policy_adapter(WorklistPolicy).dump_python(OTHERWISE, mode="json")})

    assert await run_job(JOB) >= 8
    assert await run_job(JOB) == 0

    for row in (await session.execute(text("SELECT * FROM lead"))).mappings():
        lead = lead_of(row)
        assert abs(ranked(lead, OTHERWISE).ranked_at - lead.ranked_at) < timedelta(milliseconds=1)


async def test_rules_that_changed_elsewhere_rank_nothing(leads, set_policy, run_job, session):
    await session.execute(text("UPDATE lead SET ranked_at = NULL"))
    await session.commit()
    await set_policy(working={"timeliness_target_percent": 90})

    assert await run_job(JOB) == 1
    assert await session.scalar(text("SELECT count(ranked_at) FROM lead")) == 0


async def test_leads_from_before_there_were_worklists_are_ranked_by_the_rules_in_force(leads, run_job, session):
    await session.execute(text("UPDATE lead SET ranked_at = next_contact_at"))
    await session.execute(
        text(
            "INSERT INTO worklist_ranking (dealer_id, policy_version, weights, target) VALUES (:dealer_id, -1, '', 0)"
        ),
        {"dealer_id": DEALER},
    )
    await session.commit()

    assert await run_job(JOB) == 8

    session.expire_all()
    for row in (await session.execute(text("SELECT * FROM lead"))).mappings():
        lead = lead_of(row)
        assert abs(ranked(lead, WorklistPolicy()).ranked_at - lead.ranked_at) < timedelta(milliseconds=1)


async def test_ranking_waits_for_leads_in_the_order_in_which_an_intake_locks_them(
    capture, phone_numbers, set_policy, run_job, session
):
    first, last = phone_numbers(), phone_numbers()
    for phone in (last, first):
        await capture(contact={"phone": phone})
    await set_policy(working={"worklist": policy_adapter(WorklistPolicy).dump_python(OTHERWISE, mode="json")})
    lock = text("SELECT id FROM lead WHERE phone = :phone FOR UPDATE")
    await session.execute(lock, {"phone": f"+86{first}"})

    ranking = asyncio.create_task(run_job(JOB))
    while not await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
        await asyncio.sleep(0.01)
    await session.execute(lock, {"phone": f"+86{last}"})
    await session.commit()

    assert await ranking >= 2
