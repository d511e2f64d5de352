from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import LeadContacted
from sqlalchemy import text

ADVISOR = UUID("0199d3a0-0000-7000-8000-0000000000b1")


@pytest.fixture
def answered(session, client_as, capture):
    """Captures a lead that the advisor answers so many minutes later, as the clock has it."""

    async def answered_(minutes, **changes):
        advisor = client_as(Role.ADVISOR, subject=str(ADVISOR))
        lead_id = await capture(advisor, **changes)
        for column in ("captured_at", "respond_by"):
            await session.execute(
                text(f"UPDATE lead SET {column} = {column} - make_interval(mins => :minutes) WHERE id = :id"),
                {"minutes": minutes, "id": lead_id},
            )
        await session.commit()
        await advisor.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
        return lead_id

    return answered_


@pytest.fixture
def figures(client):
    async def read(client_=None, **query):
        days = {"from": (utc_now() - timedelta(days=30)).date(), "to": (utc_now() + timedelta(days=30)).date()}
        response = await (client_ or client).get("/v1/timeliness", params={**days, **query})
        assert response.status_code == 200, response.text
        return response.json()

    return read


async def test_answers_in_time_are_counted_with_how_long_they_took(answered, figures, capture, store_id):
    for minutes in (5, 10, 25, 50):
        await answered(minutes)
    await capture()

    found = await figures()

    assert (found["target_percent"], found["by"]) == (95, "store")
    assert found["responses"] == {
        "due": 4,
        "in_time": 3,
        "in_time_percent": 75.0,
        "p50_minutes": 17.5,
        "p90_minutes": 42.5,
    }
    assert found["contacts"] == {"due": 4, "in_time": 4, "in_time_percent": 100.0}
    [group] = found["groups"]
    assert group == {"group": str(store_id), "responses": found["responses"], "contacts": found["contacts"]}


async def test_an_answer_that_never_came_counts_once_it_is_overdue(capture, figures, session):
    await capture()
    before = await figures()
    await session.execute(text("UPDATE lead SET respond_by = now() - interval '1 minute'"))
    await session.commit()

    after = await figures()

    assert before["responses"]["in_time_percent"] is None
    assert (after["responses"]["due"], after["responses"]["in_time"]) == (1, 0)


async def test_contacts_that_were_missed_count_once_made_or_not_and_if_the_lead_is_lost(
    client, capture, figures, run_job
):
    made_late, never_made, lost = [await capture(grade="a") for _ in range(3)]
    in_two_days = utc_now() + timedelta(days=2)
    for _ in range(2):
        await run_job("report-missed-follow-ups", now=in_two_days)
    await client.post(f"/v1/leads/{lost}/defeat", json={"reason": "no_need", "note": "不买了"})
    await client.post(f"/v1/leads/{made_late}/contacts", json={"channel": "phone", "outcome": "reached"})

    found = await figures(by="channel")

    assert (await client.get(f"/v1/leads/{never_made}")).json()["follow_up_missed"] is True
    assert found["contacts"] == {"due": 3, "in_time": 0, "in_time_percent": 0.0}
    assert [group["group"] for group in found["groups"]] == ["dongchedi"]


async def test_a_late_contact_that_was_reported_missed_counts_once(client, capture, figures, run_job, session):
    lead_id = await capture(grade="a")
    await session.execute(
        text(
            "UPDATE lead SET next_contact_at = now() - interval '1 hour',"
            " follow_up_escalates_at = now() - interval '1 hour'"
        )
    )
    await session.commit()
    await run_job("report-missed-follow-ups")
    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})

    assert (await figures())["contacts"] == {"due": 1, "in_time": 0, "in_time_percent": 0.0}


async def test_who_neglected_a_lead_answers_for_it_whoever_has_it_now(
    client, client_as, capture, figures, run_job, session
):
    neglecter, helper = client_as(Role.ADVISOR, subject=str(ADVISOR)), client_as(Role.MANAGER)
    lead_id = await capture(neglecter, grade="a")
    await session.execute(
        text(
            "UPDATE lead SET captured_at = captured_at - interval '2 hours', response_escalates_at = now(),"
            " respond_by = respond_by - interval '2 hours', follow_up_escalates_at = now(),"
            " next_contact_at = now() - interval '1 hour'"
        )
    )
    await session.commit()
    for job in ("report-overdue-responses", "report-missed-follow-ups"):
        await run_job(job)

    await client.post(f"/v1/leads/{lead_id}/transfer", json={"advisor_id": None, "reason": "无人跟进"})
    await helper.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})

    [group] = (await figures(by="advisor"))["groups"]
    assert group["group"] == str(ADVISOR)
    assert [(group[kind]["due"], group[kind]["in_time"]) for kind in ("responses", "contacts")] == [(1, 0), (1, 0)]


async def test_a_managers_contact_is_not_put_down_to_the_leads_advisor(client, client_as, capture, figures, published):
    lead_id = await capture(client_as(Role.ADVISOR, subject=str(ADVISOR)))

    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})

    assert [event.advisor_id for event in await published() if isinstance(event, LeadContacted)] == [None]
    assert (await figures(by="advisor", advisor_id=ADVISOR))["contacts"]["due"] == 0


async def test_of_more_groups_than_are_answered_each_one_is_whole(answered, figures, session):
    await answered(5)
    await session.execute(
        text(
            "INSERT INTO follow_up SELECT dealer_id, uuidv7(), lead_id, channel, outcome, note,"
            " lpad(number::text, 32, '0')::uuid, made_at, due_at, next_contact_at, store_id, lead_channel"
            " FROM follow_up, generate_series(1, 600) AS number"
        )
    )
    await session.commit()

    groups = (await figures(by="advisor"))["groups"]

    assert len(groups) == 500
    assert (groups[0]["group"], groups[0]["responses"]["due"], groups[0]["contacts"]["due"]) == (str(ADVISOR), 1, 1)


async def test_figures_narrow_by_store_advisor_and_channel_and_are_told_apart_by_them(
    answered, figures, other_store_id, store_id
):
    await answered(5)
    await answered(50, store_id=str(other_store_id), source={"channel": "douyin"})

    whole = await figures(by="channel")
    narrowed = [
        (await figures(**query))["responses"]["due"]
        for query in ({"store_id": store_id}, {"advisor_id": ADVISOR}, {"channel": "douyin"}, {"advisor_id": uuid4()})
    ]

    assert {group["group"]: group["responses"]["in_time"] for group in whole["groups"]} == {"dongchedi": 1, "douyin": 0}
    assert [group["group"] for group in (await figures(by="advisor"))["groups"]] == [str(ADVISOR)]
    assert narrowed == [1, 2, 1, 0]


async def test_everybody_sees_what_is_theirs(answered, figures, client_as, other_store_id):
    await answered(5)

    seen = [
        (await figures(client_))["responses"]["due"]
        for client_ in (
            client_as(Role.ADVISOR, subject=str(ADVISOR)),
            client_as(Role.ADVISOR, subject=str(uuid4())),
            client_as(Role.MANAGER, stores=[other_store_id]),
            client_as(Role.AUDITOR),
            client_as(Role.ADMIN, dealer_id=OTHER_DEALER),
        )
    ]

    assert seen == [1, 0, 0, 1, 0]


async def test_an_advisor_does_not_see_another_and_a_token_of_one_store_not_the_next(
    client_as, store_id, other_store_id
):
    query = "/v1/timeliness?from=2026-01-01&to=2026-01-31"

    assert (await client_as(Role.ADVISOR).get(f"{query}&advisor_id={uuid4()}")).status_code == 403
    limited = client_as(Role.MANAGER, stores=[store_id])
    assert (await limited.get(f"{query}&store_id={other_store_id}")).status_code == 403


async def test_a_day_counts_from_midnight_to_midnight_at_the_dealers(answered, session, figures):
    await answered(5)
    evening_in_greenwich = datetime(2026, 1, 5, 17, tzinfo=UTC)
    await session.execute(text("UPDATE lead SET captured_at = :at"), {"at": evening_in_greenwich})
    await session.commit()

    counted = [(await figures(**{"from": day, "to": day}))["responses"]["due"] for day in ("2026-01-05", "2026-01-06")]

    assert counted == [0, 1]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2026-01-01",
        "from=2026-01-02&to=2026-01-01",
        "from=2026-01-01&to=2027-01-02",
        "from=2026-02-30&to=2026-03-01",
        "from=1999-12-31&to=2000-01-01",
        "from=9999-12-31&to=9999-12-31",
        "from=2026-01-01&to=2026-01-31&by=mood",
        "from=2026-01-01&to=2026-01-31&channel=pigeon",
        "from=2026-01-01&to=2026-01-31&store_id=7",
        "from=2026-01-01&to=2026-01-31&shop=7",
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(client, query):
    response = await client.get(f"/v1/timeliness?{query}")

    assert response.status_code == 422
    assert response.json()["errors"]
