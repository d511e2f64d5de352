from datetime import timedelta
from uuid import uuid4

from baoke_chassis.access import Role
from baoke_chassis.clock import utc_now
from baoke_events import LeadFollowUpMissed
from sqlalchemy import text

JOB = "report-missed-follow-ups"


async def test_a_contact_that_fell_due_is_reported_once_per_due_date(client, capture, run_job, published):
    lead_id = await capture(grade="a")
    in_two_days = utc_now() + timedelta(days=2)

    runs = [await run_job(JOB), await run_job(JOB, now=in_two_days), await run_job(JOB, now=in_two_days)]
    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
    runs.append(await run_job(JOB, now=in_two_days))

    assert runs == [0, 1, 0, 1]
    missed = [event for event in await published() if isinstance(event, LeadFollowUpMissed)]
    assert [(event.lead_id, event.grade) for event in missed] == [(lead_id, "a")] * 2
    assert missed[0].due_at < missed[1].due_at


async def test_closed_leads_are_owed_no_contact(defeat, run_job):
    await defeat("price")

    assert await run_job(JOB, now=utc_now() + timedelta(days=30)) == 0


async def test_one_missed_contact_counts_once_and_the_third_loses_the_lead(client_as, capture, run_job, session):
    await capture(client_as(Role.ADVISOR, subject=str(uuid4())), grade="a")
    counted = []

    for missed in (1, 2, 3):
        await session.execute(
            text(
                "UPDATE lead SET follow_up_escalates_at = next_contact_at,"
                " follow_up_level = 0, follow_up_missed = false"
            )
        )
        await session.commit()
        await run_job(JOB, now=utc_now() + timedelta(days=1, hours=missed))
        row = (await session.execute(text("SELECT missed_follow_ups, neglected_at - next_contact_at FROM lead"))).one()
        counted.append(tuple(row))

    assert [missed for missed, _ in counted] == [1, 2, 3]
    assert [lost_after > timedelta(days=1) for _, lost_after in counted] == [True, True, False]
