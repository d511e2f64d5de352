from datetime import timedelta

import pytest
from baoke_chassis.clock import utc_now
from baoke_events import LeadFollowUpMissed, LeadResponseOverdue
from lead_service.domain.calendar import Weekday

JOB = "report-overdue-responses"


async def test_an_answer_that_does_not_come_is_reported_further_up_each_level_once(client, capture, run_job, published):
    lead_id = await capture(source={"channel": "showroom"})
    now = utc_now()

    for minutes in (2, 4, 20, 34, 34, 124, 600):
        await run_job(JOB, now=now + timedelta(minutes=minutes))

    overdue = [event for event in await published() if isinstance(event, LeadResponseOverdue)]
    assert [(event.lead_id, event.level, event.channel) for event in overdue] == [
        (lead_id, level, "showroom") for level in (1, 2, 3)
    ]
    assert {event.respond_by - event.captured_at for event in overdue} == {timedelta(minutes=3)}
    assert (await client.get(f"/v1/leads/{lead_id}/clocks")).json()["response_level"] == 3


async def test_a_worker_that_was_away_reports_the_level_it_finds(capture, run_job, published):
    await capture()

    assert await run_job(JOB, now=utc_now() + timedelta(days=1)) == 1

    assert [event.level for event in await published() if isinstance(event, LeadResponseOverdue)] == [3]


async def test_who_was_answered_or_closed_is_not_reported(client, capture, defeat, run_job):
    answered = await capture()
    await client.post(f"/v1/leads/{answered}/contacts", json={"channel": "phone", "outcome": "no_answer"})
    await defeat("price")

    assert await run_job(JOB, now=utc_now() + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("stage", {"stage": "test_driven"}),
        ("test-drives", {"starts_at": "2030-03-01T10:00:00+08:00"}),
        (
            "win",
            {
                "vin": "LC0CE4CB7N0123455",
                "make": "BYD",
                "model": "Seal",
                "price_cents": 1,
                "sold_at": "2026-01-08T14:30:00Z",
            },
        ),
    ],
)
async def test_whose_person_came_along_was_answered(client, capture, demo_car_id, run_job, published, path, body):
    lead_id = await capture(source={"channel": "showroom"})
    car = {"demo_car_id": demo_car_id} if path == "test-drives" else {}

    response = await client.post(f"/v1/leads/{lead_id}/{path}", json={**body, **car})
    await run_job(JOB, now=utc_now() + timedelta(hours=3))

    assert response.is_success, response.text
    assert not [event for event in await published() if isinstance(event, LeadResponseOverdue)]
    clocks = (await client.get(f"/v1/leads/{lead_id}/clocks")).json()
    assert (clocks["responded_in_time"], clocks["response_minutes"]) == (True, 0)


async def test_nobody_is_reported_while_the_store_is_closed(capture, run_job, published, set_policy):
    lead_id = await capture()
    closed = [(utc_now().date() + timedelta(days=n)).isoformat() for n in range(-1, 5)]
    whole_day = ({"opens": "00:00", "closes": "00:00"},)
    shifts = {day.value: whole_day for day in Weekday}
    await set_policy(working={"calendar": {"time_zone": "UTC", "shifts": shifts, "holidays": closed}})
    jobs = (JOB, "report-missed-follow-ups")

    for job in jobs:
        await run_job(job, now=utc_now() + timedelta(days=3, hours=1))
    assert not [e for e in await published() if isinstance(e, LeadResponseOverdue | LeadFollowUpMissed)]

    for job in jobs:
        await run_job(job, now=utc_now() + timedelta(days=5, hours=1))
    late = [e for e in await published() if isinstance(e, LeadResponseOverdue | LeadFollowUpMissed)]
    assert {event.lead_id for event in late} == {lead_id}
