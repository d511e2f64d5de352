from datetime import timedelta

from baoke_chassis.clock import utc_now
from baoke_events import LeadFollowUpMissed

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
