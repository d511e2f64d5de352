"""Sales that were undone: what followed from them is taken back, whatever came first."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from baoke_events import ContactChanged, CustomerRegistered, SegmentChanged, VehicleRegistered, VehicleReturned
from sqlalchemy import text


@pytest.fixture
def of_type(published):
    async def read(*kinds):
        return [event for event in await published() if isinstance(event, kinds)]

    return read


async def test_the_vehicle_is_returned_and_the_person_stays(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, new_id, of_type, published
):
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id, sold_at=datetime.now(UTC)))
    [registered] = await of_type(VehicleRegistered)
    told = len(await published())

    undone = lead_won_cancelled(lead_id)
    await deliver(undone)

    returned, segment = (await published())[told:]
    assert isinstance(returned, VehicleReturned)
    assert (returned.vehicle_id, returned.customer_id) == (registered.vehicle_id, registered.customer_id)
    assert (returned.lead_id, returned.sale, returned.reason) == (lead_id, 1, "finance_refused")
    assert returned.causation_id == undone.id
    assert isinstance(segment, SegmentChanged)
    assert (segment.from_segment, segment.to_segment) == ("new", "prospect")
    shown = (await client.get(f"/v1/customers/{registered.customer_id}")).json()
    assert (shown["vehicles"], shown["segment"]) == ([], "prospect")
    assert (await client.get(f"/v1/vehicles/{registered.vehicle_id}")).status_code == 404
    kinds = [e["kind"] for e in (await client.get(f"/v1/customers/{registered.customer_id}/timeline")).json()["items"]]
    assert {"lead_won", "lead_won_cancelled", "vehicle_registered", "vehicle_returned"} <= set(kinds)


@pytest.mark.parametrize("order", list(permutations(["won", "contact", "cancelled"])))
@pytest.mark.parametrize("together", [True, False])
async def test_in_whatever_order_they_come_nobody_has_the_vehicle(
    deliver, lead_won, lead_won_cancelled, lead_contact, new_id, session, order, together
):
    lead_id = new_id()
    said = {"won": lead_won(lead_id), "contact": lead_contact(lead_id), "cancelled": lead_won_cancelled(lead_id)}
    events = [said[name] for name in order]

    await deliver(*events) if together else [await deliver(event) for event in events]

    assert (await session.scalars(text("SELECT count(*) FROM vehicle WHERE customer_id IS NOT NULL"))).one() == 0


async def test_a_sale_after_the_one_that_was_undone_makes_no_second_customer(
    deliver, lead_won, lead_won_cancelled, lead_contact, new_id, of_type
):
    lead_id = new_id()
    relay = lead_contact(lead_id, phone_is_relay=True)

    await deliver(relay, lead_won(lead_id), lead_won_cancelled(lead_id), lead_won(lead_id, 2, sale=2))

    [customer] = await of_type(CustomerRegistered)
    first, second = await of_type(VehicleRegistered)
    assert (first.sale, second.sale) == (1, 2)
    assert first.customer_id == second.customer_id == customer.customer_id
    assert [event.sale for event in await of_type(VehicleReturned)] == [1]
    assert len(await of_type(ContactChanged)) == 1


async def test_the_same_car_may_be_sold_to_the_same_person_again(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, new_id, of_type
):
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id), lead_won_cancelled(lead_id), lead_won(lead_id, sale=2))

    [customer] = await of_type(CustomerRegistered)
    [vehicle] = (await client.get(f"/v1/customers/{customer.customer_id}")).json()["vehicles"]
    assert vehicle["vehicle_id"] == str((await of_type(VehicleRegistered))[-1].vehicle_id)


async def test_a_replay_that_has_lost_the_inbox_undoes_no_later_sale(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, new_id, of_type, published, session
):
    lead_id = new_id()
    story = [lead_contact(lead_id), lead_won(lead_id), lead_won_cancelled(lead_id), lead_won(lead_id, sale=2)]
    await deliver(*story)
    told = await published()
    await session.execute(text("TRUNCATE inbox"))
    await session.commit()

    await deliver(*story[1:])

    assert await published() == told


async def test_a_used_car_goes_back_to_its_owner_before(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id, of_type
):
    first = await register(phone="13900139000")
    vehicle_id = await add_vehicle(first, odometer_km=40_000)
    before = (await client.get(f"/v1/vehicles/{vehicle_id}")).json()
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id, sold_at=datetime.now(UTC)))

    await deliver(lead_won_cancelled(lead_id))

    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json() == before
    returned, again = (await of_type(VehicleReturned, VehicleRegistered))[-2:]
    assert isinstance(returned, VehicleReturned)
    assert (again.vehicle_id, again.customer_id, again.lead_id) == (vehicle_id, first, None)
    assert returned.customer_id != first


async def test_who_bought_the_car_next_keeps_it(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, new_id, of_type
):
    first, second = new_id(), new_id()
    await deliver(lead_contact(first), lead_contact(second, phone="+8613900139001"))
    await deliver(lead_won(first), lead_won(second))

    await deliver(lead_won_cancelled(first))

    owner = (await of_type(VehicleRegistered))[-1]
    assert owner.lead_id == second
    assert len((await client.get(f"/v1/customers/{owner.customer_id}")).json()["vehicles"]) == 1
    await deliver(lead_won_cancelled(second))
    assert (await client.get(f"/v1/customers/{owner.customer_id}")).json()["vehicles"] == []
    assert (await client.get(f"/v1/vehicles/{owner.vehicle_id}")).status_code == 404


@pytest.mark.parametrize("by_hand", [True, False])
async def test_undoing_a_wrong_entry_leaves_the_buyers_own_car_alone(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id, of_type, by_hand
):
    earlier, lead_id = new_id(), new_id()
    if by_hand:
        await add_vehicle(await register(), odometer_km=40_000)
    else:
        await deliver(lead_contact(earlier), lead_won(earlier))
    vehicle_id = (await of_type(VehicleRegistered))[0].vehicle_id
    before = (await client.get(f"/v1/vehicles/{vehicle_id}")).json()
    await deliver(lead_contact(lead_id), lead_won(lead_id, sold_at=datetime.now(UTC)))

    await deliver(lead_won_cancelled(lead_id, reason="wrong_entry"))

    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json() == before
    assert await of_type(VehicleReturned) == []


async def test_a_vehicle_that_is_sold_after_all_is_the_same_and_keeps_its_readings(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, new_id, of_type
):
    lead_id, sold_at = new_id(), datetime.now(UTC) - timedelta(days=40)
    await deliver(lead_contact(lead_id), lead_won(lead_id, sold_at=sold_at, model="Passatt"))
    [first] = await of_type(VehicleRegistered)
    reading = {"vehicle_id": str(first.vehicle_id), "km": 900, "read_at": datetime.now(UTC).isoformat()}
    body = [{**reading, "source": "workshop"}]
    assert (await client.post("/v1/odometer-readings/batch", json=body)).json()["results"][0]["status"] == "accepted"

    await deliver(lead_won_cancelled(lead_id, reason="wrong_entry"))
    lost = (await client.post("/v1/odometer-readings/batch", json=[{**body[0], "km": 901}])).json()["results"][0]
    await deliver(lead_won(lead_id, sale=2, sold_at=sold_at))

    second = (await of_type(VehicleRegistered))[-1]
    assert (second.vehicle_id, second.odometer_km, second.model) == (first.vehicle_id, 900, "帕萨特")
    assert lost["status"] == "rejected"
    readings = (await client.get(f"/v1/vehicles/{first.vehicle_id}/odometer-readings")).json()["items"]
    assert [reading["km"] for reading in readings] == [900]


async def test_a_vehicle_of_an_undone_sale_can_be_registered_by_hand(
    deliver, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id, of_type
):
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id, odometer_km=80_000), lead_won_cancelled(lead_id))

    vehicle_id = await add_vehicle(await register(phone="13900139000"), odometer_km=8)

    first, second = await of_type(VehicleRegistered)
    assert first.vehicle_id == second.vehicle_id == vehicle_id
    assert second.odometer_km == 8


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
@pytest.mark.parametrize("together", [True, False])
async def test_a_car_whose_sales_are_all_undone_goes_back_to_its_first_owner(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id, of_type, order, together
):
    owner = await register(phone="13900139000")
    vehicle_id = await add_vehicle(owner)
    lead_of = {"first": new_id(), "second": new_id()}
    await deliver(lead_contact(lead_of["first"]), lead_contact(lead_of["second"], phone="+8613900139001"))
    await deliver(lead_won(lead_of["first"], sold_at=datetime.now(UTC)))
    await deliver(lead_won(lead_of["second"], sold_at=datetime.now(UTC)))
    undone = [lead_won_cancelled(lead_of[name]) for name in order]

    await deliver(*undone) if together else [await deliver(event) for event in undone]

    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json()["customer_id"] == str(owner)
    assert len(await of_type(VehicleReturned)) == 2
    assert (await of_type(VehicleRegistered))[-1].customer_id == owner


async def test_two_sales_of_a_car_undone_at_the_same_time_leave_it_to_its_first_owner(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id
):
    owner = await register(phone="13900139000")
    vehicle_ids = [await add_vehicle(owner, number) for number in range(8)]
    leads = [(new_id(), new_id()) for _ in vehicle_ids]
    for number, (first, second) in enumerate(leads):
        await deliver(lead_contact(first), lead_contact(second, phone="+8613900139001"))
        await deliver(lead_won(first, number, sold_at=datetime.now(UTC)))
        await deliver(lead_won(second, number, sold_at=datetime.now(UTC)))

    await asyncio.gather(
        *(deliver(lead_won_cancelled(lead, number)) for number, pair in enumerate(leads) for lead in pair)
    )

    shown = (await client.get(f"/v1/customers/{owner}")).json()["vehicles"]
    assert {vehicle["vehicle_id"] for vehicle in shown} == {str(vehicle_id) for vehicle_id in vehicle_ids}


async def test_a_wrong_entry_of_the_odometer_goes_with_its_sale(
    client, deliver, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id
):
    vehicle_id = await add_vehicle(await register(phone="13900139000"), odometer_km=40_000)
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id, sold_at=datetime.now(UTC), odometer_km=400_000))

    await deliver(lead_won_cancelled(lead_id, reason="wrong_entry"))

    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json()["odometer_km"] == 40_000
