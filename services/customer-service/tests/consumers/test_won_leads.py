"""Leads that bought become customers, in whichever order their sale and their contact arrive."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import Consent, ContactChanged, CustomerRegistered, Unsubscribed, VehicleRegistered


@pytest.fixture
def of_type(published):
    async def read(kind):
        return [event for event in await published() if isinstance(event, kind)]

    return read


@pytest.mark.parametrize("sale_first", [True, False])
@pytest.mark.parametrize("together", [True, False])
async def test_person_vehicle_and_consents_are_registered_in_either_order(
    client, deliver, lead_won, lead_contact, new_id, published, store, vin, sale_first, together
):
    lead_id = new_id()
    won, contact = lead_won(lead_id, odometer_km=8), lead_contact(lead_id, email="wang@example.com")
    events = [won, contact] if sale_first else [contact, won]

    await deliver(*events) if together else [await deliver(event) for event in events]
    await deliver(*events[::-1])

    registered, told, vehicle, segment = await published()
    assert isinstance(registered, CustomerRegistered)
    assert (registered.lead_id, registered.store_id) == (lead_id, store)
    assert isinstance(told, ContactChanged)
    assert (told.party_id, told.party_kind) == (registered.customer_id, "customer")
    assert (told.name, told.phone, told.email) == ("王伟", "+8613800138000", "wang@example.com")
    assert told.consents == (Consent(purpose="marketing", channel="sms", granted=True),)
    assert isinstance(vehicle, VehicleRegistered)
    assert (vehicle.customer_id, vehicle.lead_id, vehicle.vin) == (registered.customer_id, lead_id, vin(1))
    assert (vehicle.purchased_on, vehicle.odometer_km) == (date(2026, 3, 2), 8)
    assert segment.customer_id == registered.customer_id
    assert registered.causation_id in {won.id, contact.id}
    shown = (await client.get(f"/v1/customers/{registered.customer_id}")).json()
    assert (shown["lead_ids"], shown["name"], len(shown["vehicles"])) == ([str(lead_id)], "王伟", 1)


async def test_many_sales_and_contacts_at_the_same_time_lose_nobody(deliver, lead_won, lead_contact, new_id, of_type):
    leads = [new_id() for _ in range(20)]
    sales = [lead_won(lead, number) for number, lead in enumerate(leads)]
    contacts = [lead_contact(lead, phone=f"+861380013{number:04d}") for number, lead in enumerate(leads)]

    await asyncio.gather(
        *(deliver(*sales[place : place + 5]) for place in (0, 5, 10, 15)),
        *(deliver(*contacts[place : place + 4]) for place in (16, 12, 8, 4, 0)),
    )

    assert {event.lead_id for event in await of_type(CustomerRegistered)} == set(leads)
    assert sorted(event.lead_id for event in await of_type(VehicleRegistered)) == sorted(leads)


async def test_who_bought_before_gets_another_vehicle_and_no_second_registration(
    deliver, lead_won, lead_contact, register, new_id, of_type
):
    customer_id, lead_id = await register(), new_id()
    await deliver(lead_contact(lead_id, wecom_id="wm-1"), lead_won(lead_id))

    (vehicle,) = await of_type(VehicleRegistered)
    assert (vehicle.customer_id, vehicle.lead_id) == (customer_id, lead_id)
    (registered,) = await of_type(CustomerRegistered)
    assert registered.lead_id is None
    assert [(event.wecom_id, event.name) for event in await of_type(ContactChanged)] == [
        (None, "李娜"),
        ("wm-1", "李娜"),
    ]


async def test_two_sales_to_one_phone_in_one_batch_make_one_customer_with_two_vehicles(
    deliver, lead_won, lead_contact, new_id, of_type
):
    first, second = new_id(), new_id()
    await deliver(lead_contact(first), lead_contact(second), lead_won(first, 1), lead_won(second, 2))

    (registered,) = await of_type(CustomerRegistered)
    vehicles = await of_type(VehicleRegistered)
    assert {vehicle.customer_id for vehicle in vehicles} == {registered.customer_id}
    assert {vehicle.lead_id for vehicle in vehicles} == {first, second}


async def test_a_relay_number_makes_nobody_somebody_else(deliver, lead_won, lead_contact, register, new_id, of_type):
    await register()
    first, second = new_id(), new_id()
    for number, lead in enumerate((first, second)):
        await deliver(lead_contact(lead, phone_is_relay=True), lead_won(lead, number))

    assert len({event.customer_id for event in await of_type(CustomerRegistered)}) == 3


async def test_a_customers_withdrawal_is_not_undone_by_a_lead(
    client, deliver, lead_won, lead_contact, register, new_id, of_type
):
    customer_id, lead_id = await register(), new_id()
    refusal = [{"purpose": "marketing", "channel": "sms", "granted": False}]
    await client.put(f"/v1/customers/{customer_id}/consents", json=refusal)
    both = tuple(Consent(purpose="marketing", channel=channel, granted=True) for channel in ("sms", "email"))

    await deliver(lead_contact(lead_id, consents=both), lead_won(lead_id))

    assert (await of_type(ContactChanged))[-1].consents == (
        Consent(purpose="marketing", channel="email", granted=True),
        Consent(purpose="marketing", channel="sms", granted=False),
    )


async def test_a_vehicle_that_is_sold_again_becomes_the_buyers_and_keeps_its_odometer(
    client, deliver, lead_won, lead_contact, register, add_vehicle, new_id, of_type
):
    first = await register(phone="13900139000")
    vehicle_id = await add_vehicle(first, odometer_km=40_000)
    lead_id = new_id()

    await deliver(lead_contact(lead_id), lead_won(lead_id, sold_at=datetime.now(UTC)))

    told = (await of_type(VehicleRegistered))[-1]
    assert (told.vehicle_id, told.lead_id, told.odometer_km) == (vehicle_id, lead_id, 40_000)
    assert told.customer_id != first
    assert (await client.get(f"/v1/customers/{first}")).json()["vehicles"] == []
    assert (await client.get(f"/v1/customers/{first}")).json()["segment"] == "prospect"


async def test_a_vehicle_registered_by_hand_before_the_sale_arrived_is_told_with_the_lead(
    deliver, lead_won, lead_contact, register, add_vehicle, new_id, of_type
):
    vehicle_id = await add_vehicle(await register())
    lead_id = new_id()

    await deliver(lead_contact(lead_id), lead_won(lead_id))

    assert [(e.vehicle_id, e.lead_id) for e in await of_type(VehicleRegistered)] == [
        (vehicle_id, None),
        (vehicle_id, lead_id),
    ]


async def test_the_newest_contact_holds_whatever_the_order(deliver, lead_won, lead_contact, new_id, of_type):
    lead_id = new_id()
    new, old = lead_contact(lead_id, sequence=5, name="王小伟"), lead_contact(lead_id, sequence=4)

    await deliver(new)
    await deliver(old, lead_won(lead_id))

    assert [event.name for event in await of_type(ContactChanged)] == ["王小伟"]


async def test_what_is_said_of_customers_registers_nobody(deliver, lead_contact, lead_won, new_id, published):
    party = new_id()

    await deliver(lead_contact(party, party_kind="customer"), lead_won(party))

    assert await published() == []


async def test_dealers_share_a_batch_and_nothing_else(deliver, lead_contact, lead_won, new_id, of_type):
    lead_id = new_id()
    ours = [lead_contact(lead_id), lead_won(lead_id)]
    theirs = [lead_contact(lead_id, dealer_id=OTHER_DEALER), lead_won(lead_id, dealer_id=OTHER_DEALER)]

    await deliver(ours[0], theirs[1])
    assert await of_type(CustomerRegistered) == []
    await deliver(theirs[0], ours[1])

    registered = await of_type(CustomerRegistered)
    assert {event.dealer_id for event in registered} == {DEALER, OTHER_DEALER}
    assert len({event.customer_id for event in registered}) == 2


async def test_a_lead_that_unsubscribed_stays_unsubscribed_as_a_customer(
    deliver, lead_won, lead_contact, new_id, of_type
):
    lead_id = new_id()
    unsubscribed = Unsubscribed(
        dealer_id=DEALER,
        occurred_at=datetime(2026, 2, 1, tzinfo=UTC),
        party_id=lead_id,
        purpose="marketing",
        channel="sms",
        how="one_click",
    )

    await deliver(unsubscribed)
    await deliver(lead_contact(lead_id), lead_won(lead_id))

    (told,) = await of_type(ContactChanged)
    assert told.consents == (Consent(purpose="marketing", channel="sms", granted=False),)


async def test_an_unsubscription_by_a_link_from_before_the_sale_reaches_the_customer(
    deliver, lead_won, lead_contact, new_id, of_type
):
    lead_id = new_id()
    await deliver(lead_contact(lead_id), lead_won(lead_id))

    await deliver(
        Unsubscribed(
            dealer_id=DEALER,
            occurred_at=datetime.now(UTC),
            party_id=lead_id,
            purpose="marketing",
            channel="sms",
            how="page",
        )
    )

    assert [event.consents[0].granted for event in await of_type(ContactChanged)] == [True, False]
