"""Whatever is done to a lead, it is in its place in the worklist and due while its store is open."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from baoke_chassis.clock import utc_now
from lead_service.db.lead_mapping import lead_of
from lead_service.domain.calendar import Weekday
from lead_service.domain.worklist import WorklistPolicy, ranked
from sqlalchemy import text

ADVISOR = UUID("0199d3a0-0000-7000-8000-0000000000b1")
SALE = {
    "vin": "LC0CE4CB7N0123455",
    "make": "BYD",
    "model": "Seal",
    "price_cents": 18_980_000,
    "sold_at": "2026-01-08T14:30:00+08:00",
}
HANDED_OVER_OR_REOPENED = {
    "claimed": [("claim", None)],
    "transferred": [("transfer", {"advisor_id": str(ADVISOR), "reason": "接手"})],
    "reopened": [("defeat", {"reason": "price"}), ("reopen", {})],
    "sale undone": [("win", SALE), ("win/cancel", {"reason": "wrong_entry"})],
}
WORKED = {
    "moved": [("stage", {"stage": "negotiating"})],
    "graded": [("grade", {"grade": "h", "reason": "本周要定车"})],
    "contacted": [("contacts", {"channel": "phone", "outcome": "reached"})],
}


@pytest.fixture
async def act(client, advisor):
    """Does these things to a lead, one after the other; an advisor of the roster claims, a manager does the rest."""
    own = await advisor(ADVISOR)

    async def act_(lead_id, steps):
        for path, body in steps:
            response = await (own if path == "claim" else client).post(f"/v1/leads/{lead_id}/{path}", json=body)
            assert response.is_success, response.text

    return act_


@pytest.fixture
def overdue(capture, session):
    """A lead of nobody's that was never answered, and whose contact fell due an hour ago; answers its id."""

    async def overdue_():
        lead_id = await capture()
        await session.execute(text("UPDATE lead SET next_contact_at = now() - interval '1 hour'"))
        await session.commit()
        return lead_id

    return overdue_


@pytest.fixture
def stored(session):
    """The lead as it is kept."""

    async def read():
        return lead_of((await session.execute(text("SELECT * FROM lead"))).mappings().one())

    return read


@pytest.fixture
async def opens_at(set_policy, store_id):
    """The store, and no other, is closed for ten days; answers when it opens."""
    today = utc_now().date()
    nine_to_six = dict.fromkeys(Weekday, ({"opens": "09:00", "closes": "18:00"},))
    holidays = [(today + timedelta(days=n)).isoformat() for n in range(-1, 10)]
    calendar = {"time_zone": "UTC", "shifts": nine_to_six, "holidays": holidays}
    await set_policy(working={"store_calendars": {str(store_id): calendar}})
    return datetime(today.year, today.month, today.day, 9, tzinfo=UTC) + timedelta(days=10)


@pytest.mark.parametrize("how", [*HANDED_OVER_OR_REOPENED, *WORKED])
async def test_what_happens_to_a_lead_puts_it_in_its_place(overdue, act, stored, how):
    await act(await overdue(), {**HANDED_OVER_OR_REOPENED, **WORKED}[how])

    lead = await stored()

    assert lead == ranked(lead, WorklistPolicy())


async def test_leads_that_are_given_to_others_together_are_in_their_places(client, act, overdue, stored):
    lead_id = await overdue()
    body = {"lead_ids": [str(lead_id)], "to_advisor_ids": [str(ADVISOR)], "reason": "接手"}

    response = await client.post("/v1/leads/reassign", json=body)

    lead = await stored()
    assert (response.json()["moved"], lead.advisor_id) == (1, ADVISOR)
    assert lead == ranked(lead, WorklistPolicy())


async def test_an_inquiry_that_names_the_budget_takes_a_lead_ahead_in_the_worklist(client, lead_body, stored):
    body = lead_body(interest={"budget_cents": None})
    await client.post("/v1/leads", json=body)
    before = await stored()

    named = {**body["interest"], "budget_cents": 50_000_000}
    await client.post("/v1/leads", json={**body, "interest": named})

    lead = await stored()
    assert lead.ranked_at < before.ranked_at
    assert lead == ranked(lead, WorklistPolicy())


async def test_a_test_drive_takes_a_lead_ahead_in_the_worklist(client, capture, demo_car_id, stored):
    lead_id = await capture()
    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})
    body = {"demo_car_id": demo_car_id, "starts_at": "2030-03-01T10:00:00+08:00"}
    before = await stored()

    response = await client.post(f"/v1/leads/{lead_id}/test-drives", json=body)

    assert response.status_code == 201
    assert (await stored()).ranked_at < before.ranked_at


@pytest.mark.parametrize("how", HANDED_OVER_OR_REOPENED)
async def test_a_lead_that_comes_anew_to_somebody_is_due_while_its_store_is_open(opens_at, overdue, act, stored, how):
    await act(await overdue(), HANDED_OVER_OR_REOPENED[how])

    assert (await stored()).next_contact_at == opens_at + timedelta(hours=1)


async def test_leads_that_are_given_to_others_together_are_due_while_their_store_is_open(
    opens_at, client, act, overdue, stored
):
    body = {"lead_ids": [str(await overdue())], "to_advisor_ids": [str(ADVISOR)], "reason": "接手"}

    await client.post("/v1/leads/reassign", json=body)

    assert (await stored()).next_contact_at == opens_at + timedelta(hours=1)
