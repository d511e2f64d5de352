"""Complaints from being made to being settled, and the churn warnings they bring."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import (
    ChurnCleared,
    ChurnWarned,
    ComplaintEscalated,
    ComplaintOpened,
    ComplaintResolved,
    DueItem,
    MaintenanceDue,
    ServiceCompleted,
)


@pytest.fixture
def complain(client):
    async def open_one(customer_id: UUID, **fields) -> dict:
        body = {"customer_id": str(customer_id), "topic": "waiting_time", **fields}
        response = await client.post("/v1/complaints", json=body)
        assert response.status_code == 201, response.text
        return response.json()

    return open_one


@pytest.fixture
def said(published):
    async def read(*kinds):
        return [event for event in await published() if isinstance(event, kinds)]

    return read


@pytest.fixture
def completed(store, new_id):
    def make(customer_id, vehicle_id, *, days_ago=0.0):
        at = datetime.now(UTC) - timedelta(days=days_ago)
        return ServiceCompleted(
            dealer_id=DEALER,
            occurred_at=at,
            vehicle_id=vehicle_id,
            customer_id=customer_id,
            store_id=store,
            visit_id=new_id(),
            odometer_km=9_000,
            lines=(),
            amount_cents=0,
            completed_at=at,
        )

    return make


async def test_a_complaint_is_acknowledged_called_back_and_settled(client, register, complain, said, store):
    customer_id = await register()

    opened = await complain(customer_id, description="十点才接车")
    route = f"/v1/complaints/{opened['complaint_id']}"
    called = (await client.post(f"{route}/callback", json={"note": "已致歉"})).json()
    settled = (await client.post(f"{route}/resolve", json={"resolution": "退费"})).json()

    due = datetime.fromisoformat(opened["callback_due_at"]) - datetime.fromisoformat(opened["opened_at"])
    assert due == timedelta(hours=24)
    assert (opened["topic"], opened["level"], opened["store_id"]) == ("waiting_time", 0, str(store))
    assert called["called_back_at"]
    assert (settled["resolution"], settled["callback_note"], settled["description"]) == ("退费", "已致歉", "十点才接车")
    assert (await client.get(route)).json() == settled
    first, last = await said(ComplaintOpened, ComplaintResolved)
    assert (first.customer_id, first.topic_of_complaint, str(first.complaint_id)) == (
        customer_id,
        "waiting_time",
        opened["complaint_id"],
    )
    assert isinstance(last, ComplaintResolved)
    kinds = [item["kind"] for item in (await client.get(f"/v1/customers/{customer_id}/timeline")).json()["items"]]
    assert kinds == ["complaint_resolved", "complaint_called_back", "complaint_opened", "customer_registered"]


async def test_a_settled_complaint_is_settled(client, register, complain):
    opened = await complain(await register())
    route = f"/v1/complaints/{opened['complaint_id']}"
    await client.post(f"{route}/resolve", json={})

    answers = [await client.post(f"{route}/resolve", json={}), await client.post(f"{route}/callback", json={})]

    assert [(a.status_code, a.json()["type"]) for a in answers] == [(409, "/problems/complaint-is-resolved")] * 2


async def test_nobody_acts_and_the_complaint_goes_up_three_levels(register, complain, run_job, said):
    opened = await complain(await register())
    at = datetime.fromisoformat(opened["opened_at"])

    for hours in (3.9, 4, 5, 24, 72, 200):
        await run_job("escalate complaints", now=at + timedelta(hours=hours))

    events = await said(ComplaintOpened, ComplaintEscalated)
    assert [event.level for event in events[1:]] == [1, 2, 3]
    assert {event.correlation_id for event in events} == {events[0].correlation_id}


async def test_a_callback_in_time_keeps_it_down_until_the_settlement_is_due(client, register, complain, run_job, said):
    opened = await complain(await register())
    await client.post(f"/v1/complaints/{opened['complaint_id']}/callback", json={})
    at = datetime.fromisoformat(opened["opened_at"])

    await run_job("escalate complaints", now=at + timedelta(hours=71))
    assert await said(ComplaintEscalated) == []
    await run_job("escalate complaints", now=at + timedelta(hours=72))
    assert [event.level for event in await said(ComplaintEscalated)] == [3]


async def test_complaints_are_listed_by_customer_and_state(client, client_as, register, complain, new_id):
    first, second = await register(), await register(phone="13900139000")
    old, new = await complain(first), await complain(first, topic="price")
    other = await complain(second)
    await client.post(f"/v1/complaints/{old['complaint_id']}/resolve", json={})

    async def listed(by=client, **filters) -> list[str]:
        items = (await by.get("/v1/complaints", params=filters)).json()["items"]
        return [item["complaint_id"] for item in items]

    assert await listed() == [other["complaint_id"], new["complaint_id"], old["complaint_id"]]
    assert await listed(customer_id=str(first), state="open") == [new["complaint_id"]]
    assert await listed(state="resolved") == [old["complaint_id"]]
    assert await listed(client_as(Role.MANAGER, dealer_id=OTHER_DEALER)) == []
    assert await listed(client_as(Role.ADVISOR, stores=[new_id()])) == []
    page = (await client.get("/v1/complaints", params={"limit": 2})).json()
    assert await listed(limit=2, cursor=page["next_cursor"]) == [old["complaint_id"]]


async def test_what_does_not_exist_or_is_another_dealers_is_not_found(
    client, client_as, register, add_vehicle, complain, new_id
):
    customer_id, other = await register(), await register(phone="13900139000")
    vehicle_id = await add_vehicle(other)
    opened = await complain(customer_id)
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    body = {"customer_id": str(customer_id), "topic": "price"}
    route = f"/v1/complaints/{opened['complaint_id']}"

    answers = [
        await stranger.get(route),
        await stranger.post(f"{route}/callback", json={}),
        await stranger.post(f"{route}/resolve", json={}),
        await stranger.post("/v1/complaints", json=body),
        await client.post("/v1/complaints", json={**body, "customer_id": str(new_id())}),
        await client.post("/v1/complaints", json={**body, "vehicle_id": str(vehicle_id)}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert [answer.json()["type"].removeprefix("/problems/") for answer in answers] == [
        *["complaint-not-found"] * 3,
        *["customer-not-found"] * 2,
        "vehicle-not-found",
    ]
    assert (await client.post("/v1/complaints", json={**body, "topic": "weather"})).status_code == 422


async def test_a_complaint_of_who_stays_away_warns_until_it_is_settled(
    client, deliver, register, add_vehicle, complain, completed, said, run_job
):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    await deliver(completed(customer_id, vehicle_id, days_ago=50))
    opened = await complain(customer_id)

    await run_job("review churn", now=datetime.now(UTC) + timedelta(days=9))
    assert await said(ChurnWarned) == []
    await run_job("review churn", now=datetime.now(UTC) + timedelta(days=11))

    (warned,) = await said(ChurnWarned)
    assert (warned.customer_id, warned.reasons, warned.strategy) == (customer_id, ("unresolved_complaint",), "retain")
    churn = (await client.get(f"/v1/customers/{customer_id}")).json()["churn"]
    assert (churn["state"], churn["reasons"], churn["strategy"]) == ("warned", ["unresolved_complaint"], "retain")
    await client.post(f"/v1/complaints/{opened['complaint_id']}/resolve", json={})
    assert [event.because for event in await said(ChurnCleared)] == ["complaint_resolved"]
    assert (await client.get(f"/v1/customers/{customer_id}")).json()["churn"]["state"] == "calm"


async def test_a_missed_first_service_warns_after_the_days_of_grace_and_a_visit_clears_it(
    deliver, register, add_vehicle, completed, said, run_job, store, new_id
):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    item = DueItem(code="first_service", name_zh="首保", name_en="First", due_on=date(2026, 1, 1), because="time")
    await deliver(
        MaintenanceDue(
            dealer_id=DEALER,
            occurred_at=datetime.now(UTC),
            vehicle_id=vehicle_id,
            customer_id=customer_id,
            store_id=store,
            reminder_id=new_id(),
            step="overdue",
            items=(item,),
            due_on=item.due_on,
            odometer_km=100,
        )
    )

    await run_job("review churn", now=datetime.now(UTC) + timedelta(days=13))
    assert await said(ChurnWarned) == []
    await run_job("review churn", now=datetime.now(UTC) + timedelta(days=15))
    await run_job("review churn", now=datetime.now(UTC) + timedelta(days=16))
    assert [event.reasons for event in await said(ChurnWarned)] == [("first_service_missed",)]
    event = completed(customer_id, vehicle_id)
    await deliver(event)

    (cleared,) = await said(ChurnCleared)
    assert (cleared.because, cleared.causation_id) == ("visit", event.id)


async def test_an_owner_who_is_overdue_is_kept_and_then_won_back(
    deliver, register, add_vehicle, completed, said, run_job
):
    customer_id = await register()
    vehicle_id = await add_vehicle(customer_id)
    await deliver(*(completed(customer_id, vehicle_id, days_ago=days) for days in (200, 100)))

    for days in (40, 60, 100, 160, 400):
        await run_job("review churn", now=datetime.now(UTC) + timedelta(days=days))

    assert [(event.strategy, event.reasons) for event in await said(ChurnWarned)] == [
        ("keep", ("overdue_visit",)),
        ("win_back", ("overdue_visit",)),
    ]
