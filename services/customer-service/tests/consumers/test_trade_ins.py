"""A car that is given in payment is nobody's, and its owner's again when that sale is undone."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from baoke_events import TradeIn, VehicleDisposed, VehicleRegistered, VehicleReturned


@pytest.fixture
def of_type(published):
    async def read(*kinds):
        return [event for event in await published() if isinstance(event, kinds)]

    return read


@pytest.fixture
def won_for(lead_won, vin):
    """Makes sales for which another car is given in payment."""

    def make(lead_id, traded_in=2, **fields):
        given = TradeIn(make="大众", model="朗逸", vin=vin(traded_in).lower(), allowance_cents=4_200_000)
        return lead_won(lead_id, trade_in=given, sold_at=datetime.now(UTC), **fields)

    return make


async def test_the_car_given_in_payment_is_nobodys(
    client, deliver, won_for, lead_contact, register, add_vehicle, new_id, of_type
):
    buyer = await register()
    given = await add_vehicle(buyer, 2, odometer_km=90_000)
    lead_id = new_id()

    await deliver(lead_contact(lead_id), won_for(lead_id))

    bought, disposed = (await of_type(VehicleRegistered, VehicleDisposed))[1:]
    assert isinstance(disposed, VehicleDisposed)
    assert (disposed.vehicle_id, disposed.customer_id, disposed.reason) == (given, buyer, "traded_in")
    assert (disposed.lead_id, disposed.sale, disposed.causation_id) == (lead_id, 1, bought.causation_id)
    shown = (await client.get(f"/v1/customers/{buyer}")).json()
    assert [vehicle["vehicle_id"] for vehicle in shown["vehicles"]] == [str(bought.vehicle_id)]
    assert (await client.get(f"/v1/vehicles/{given}")).status_code == 404
    kinds = [entry["kind"] for entry in (await client.get(f"/v1/customers/{buyer}/timeline")).json()["items"]]
    assert "vehicle_disposed" in kinds


@pytest.mark.parametrize("order", list(permutations(["won", "contact", "cancelled"])))
@pytest.mark.parametrize("together", [True, False])
async def test_a_sale_that_is_undone_gives_it_back_in_whatever_order(
    client, deliver, won_for, lead_won_cancelled, lead_contact, register, add_vehicle, new_id, of_type, order, together
):
    buyer, lead_id = await register(), new_id()
    given = await add_vehicle(buyer, 2)
    before = (await client.get(f"/v1/vehicles/{given}")).json()
    said = {"won": won_for(lead_id), "contact": lead_contact(lead_id), "cancelled": lead_won_cancelled(lead_id)}
    events = [said[name] for name in order]

    await deliver(*events) if together else [await deliver(event) for event in events]

    assert (await client.get(f"/v1/vehicles/{given}")).json() == before
    assert len((await client.get(f"/v1/customers/{buyer}")).json()["vehicles"]) == 1
    disposed, returned = await of_type(VehicleDisposed), await of_type(VehicleReturned)
    assert given not in {event.vehicle_id for event in returned}
    assert len(disposed) == len(returned)
    if disposed:
        again = (await of_type(VehicleRegistered))[-1]
        assert (again.vehicle_id, again.customer_id, again.lead_id) == (given, buyer, None)


async def test_somebody_elses_car_is_not_taken_in_payment(
    client, deliver, won_for, lead_contact, register, add_vehicle, new_id, of_type
):
    another = await register(phone="13900139000")
    await add_vehicle(another, 2)
    lead_id = new_id()

    await deliver(lead_contact(lead_id), won_for(lead_id))

    assert await of_type(VehicleDisposed) == []
    assert len((await client.get(f"/v1/customers/{another}")).json()["vehicles"]) == 1


async def test_who_bought_the_car_given_in_payment_keeps_it_when_that_sale_is_undone(
    client, deliver, won_for, lead_won, lead_won_cancelled, lead_contact, register, add_vehicle, new_id, of_type
):
    buyer, first, second = await register(), new_id(), new_id()
    given = await add_vehicle(buyer, 2)
    await deliver(lead_contact(first), lead_contact(second, phone="+8613900139001"))
    await deliver(won_for(first), lead_won(second, 2, sold_at=datetime.now(UTC)))
    next_owner = (await of_type(VehicleRegistered))[-1].customer_id

    await deliver(lead_won_cancelled(first))
    assert (await client.get(f"/v1/vehicles/{given}")).json()["customer_id"] == str(next_owner)

    await deliver(lead_won_cancelled(second, 2))
    assert (await client.get(f"/v1/vehicles/{given}")).json()["customer_id"] == str(buyer)
