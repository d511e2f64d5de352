"""Registering, searching and seeing customers."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import Consent, ContactChanged, CustomerRegistered

WORDING = {
    "consent_wordings": {
        "showroom": {
            "wording_version": "2026-01",
            "grants": [{"purpose": "service", "channel": "sms"}, {"purpose": "marketing", "channel": "email"}],
        }
    }
}


async def test_a_new_person_becomes_a_customer_and_is_published_with_the_contact(client, person, published, store):
    response = await client.post("/v1/customers", json=person(email="li.na@example.com", birthday="1990-05-17"))

    assert response.status_code == 201
    customer_id = UUID(response.json()["customer_id"])
    assert response.json() == {"customer_id": str(customer_id), "outcome": "created"}
    registered, contact = await published()
    assert isinstance(registered, CustomerRegistered)
    assert (registered.customer_id, registered.store_id, registered.lead_id) == (customer_id, store, None)
    assert isinstance(contact, ContactChanged)
    assert (contact.party_id, contact.party_kind, contact.phone) == (customer_id, "customer", "+8613800138000")
    assert (contact.name, contact.email, contact.consents) == ("李娜", "li.na@example.com", ())


async def test_the_same_phone_again_is_the_same_customer_and_changes_nothing(client, person, register, published):
    customer_id = await register()
    before = await published()

    response = await client.post("/v1/customers", json=person(name="Li Na", phone="+86 138-0013-8000"))

    assert response.status_code == 200
    assert response.json() == {"customer_id": str(customer_id), "outcome": "exists"}
    assert await published() == before


async def test_twenty_registrations_of_one_phone_at_once_make_one_customer(client, person, published):
    responses = await asyncio.gather(*(client.post("/v1/customers", json=person()) for _ in range(20)))

    assert sorted(response.status_code for response in responses) == [200] * 19 + [201]
    assert len({response.json()["customer_id"] for response in responses}) == 1
    assert len([event for event in await published() if isinstance(event, CustomerRegistered)]) == 1


async def test_the_same_phone_at_another_dealer_is_another_customer(client_as, person, register):
    customer_id = await register()

    response = await client_as(Role.MANAGER, dealer_id=OTHER_DEALER).post("/v1/customers", json=person())

    assert response.status_code == 201
    assert response.json()["customer_id"] != str(customer_id)


async def test_without_explicit_consents_the_registered_wording_of_the_showroom_grants(client, person, published):
    assert (await client.put("/v1/policy", json=WORDING)).status_code == 200

    await client.post("/v1/customers", json=person())
    await client.post("/v1/customers", json=person(phone="13900139000", consents=[]))

    contacts = [event for event in await published() if isinstance(event, ContactChanged)]
    assert contacts[0].consents == (
        Consent(purpose="marketing", channel="email", granted=True),
        Consent(purpose="service", channel="sms", granted=True),
    )
    assert contacts[1].consents == ()


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"phone": "12345"}, "/phone"),
        ({"phone": "not a phone"}, "/phone"),
        ({"email": "nobody"}, "/email"),
        ({"name": "  "}, "/name"),
        ({"birthday": "1990-02-30"}, "/birthday"),
        ({"time_zone": "Middle/Earth"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"nickname": "Nana"}, "/nickname"),
        ({"consents": [{"purpose": "marketing", "channel": "sms", "granted": True}]}, "/consents/0"),
        ({"consents": [{"purpose": "spam", "channel": "sms", "granted": False}]}, "/consents/0/purpose"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(client, person, published, fields, pointer):
    response = await client.post("/v1/customers", json=person(**fields))

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]
    assert await published() == []


async def test_staff_of_one_store_register_for_their_store_only(client_as, person, new_id, store):
    advisor = client_as(Role.ADVISOR, stores=[new_id()])

    response = await advisor.post("/v1/customers", json=person())

    assert response.status_code == 403
    assert (await client_as(Role.ADVISOR, stores=[store]).post("/v1/customers", json=person())).status_code == 201


async def test_all_of_a_customer_is_seen_at_once(client, register, add_vehicle, vin, store):
    consents = [{"purpose": "service", "channel": "sms", "granted": True, "wording_version": "w1"}]
    customer_id = await register(birthday="1990-05-17", consents=consents)
    vehicle_id = await add_vehicle(customer_id, plate="沪A·12345", odometer_km=12)

    shown = (await client.get(f"/v1/customers/{customer_id}")).json()

    registered_at = shown.pop("registered_at")
    assert abs((datetime.fromisoformat(registered_at) - datetime.now(UTC)).total_seconds()) < 60
    (vehicle,) = shown.pop("vehicles")
    (consent,) = shown.pop("consents")
    assert shown == {
        "customer_id": str(customer_id),
        "store_id": str(store),
        "name": "李娜",
        "phone": "+8613800138000",
        "phone_is_relay": False,
        "email": None,
        "wecom_id": None,
        "birthday": "1990-05-17",
        "locale": "zh-CN",
        "time_zone": "Asia/Shanghai",
        "segment": "sleeping",
        "lead_ids": [],
        "churn": {"state": "calm", "reasons": [], "strategy": None, "warned_at": None},
        "rfm": {"last_visit_at": None, "recency_days": None, "frequency": 0, "money_cents": 0, "services": 0},
    }
    assert (vehicle["vehicle_id"], vehicle["vin"], vehicle["plate"]) == (str(vehicle_id), vin(1), "沪A12345")
    assert (vehicle["odometer_km"], vehicle["odometer_read_at"]) == (12, None)
    assert (consent["purpose"], consent["channel"], consent["granted"], consent["wording_version"]) == (
        "service",
        "sms",
        True,
        "w1",
    )
    assert consent["source"] == "registration"


@pytest.mark.parametrize("role", [Role.MARKETING, Role.AUDITOR])
async def test_marketing_and_auditors_see_no_whole_phone_number(client_as, register, role):
    customer_id = await register(email="li.na@example.com")
    reader = client_as(role)

    whole = (await reader.get(f"/v1/customers/{customer_id}")).json()
    (listed,) = (await reader.get("/v1/customers")).json()["items"]

    assert (whole["phone"], listed["phone"]) == ("+86138****8000", "+86138****8000")
    assert (whole["email"], listed["email"]) == ("l***@example.com", "l***@example.com")
    assert (await reader.post("/v1/customers", json={})).status_code == 403


async def test_customers_are_found_by_phone_vin_and_the_beginning_of_the_name(client, register, add_vehicle, vin):
    anna = await register(name="Anna_100%", phone="13800138001")
    await register(name="Annab", phone="13800138002")
    await add_vehicle(anna, 7)

    async def found(**sought: str) -> list[str]:
        return [item["name"] for item in (await client.get("/v1/customers", params=sought)).json()["items"]]

    assert await found(phone="138 0013 8001") == ["Anna_100%"]
    assert await found(vin=vin(7).lower()) == ["Anna_100%"]
    assert await found(name="ann") == ["Annab", "Anna_100%"]
    assert await found(name="anna_1") == ["Anna_100%"]
    assert await found(name="nna") == []
    assert await found(vin=vin(8)) == []
    assert (await client.get("/v1/customers", params={"phone": "1"})).status_code == 422


async def test_a_list_is_walked_page_by_page_newest_first(client, register):
    registered = [str(await register(phone=f"1380013800{n}")) for n in range(5)]

    seen, cursor = [], None
    while True:
        page = (await client.get("/v1/customers", params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        seen += [item["customer_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == registered[::-1]


@pytest.mark.parametrize("cursor", ["%", "WyJhIl0", "WyIyMDI2LTAxLTAxIiwgIngiXQ", "e30"])
async def test_a_cursor_that_is_not_ours_is_refused(client, cursor):
    response = await client.get("/v1/customers", params={"cursor": cursor})

    assert response.status_code == 400
    assert response.json()["type"].endswith("/invalid-cursor")


async def test_another_dealers_customer_is_not_found_by_any_route(client_as, register, new_id):
    customer_id = await register()
    stranger = client_as(Role.MANAGER, dealer_id=OTHER_DEALER)
    consents = [{"purpose": "service", "channel": "sms", "granted": False}]

    answers = [
        await stranger.get(f"/v1/customers/{customer_id}"),
        await stranger.get(f"/v1/customers/{customer_id}/timeline"),
        await stranger.put(f"/v1/customers/{customer_id}/consents", json=consents),
        await client_as(Role.ADVISOR, stores=[new_id()]).get(f"/v1/customers/{customer_id}"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert {answer.json()["type"] for answer in answers} == {"/problems/customer-not-found"}
    assert (await stranger.get("/v1/customers")).json()["items"] == []
    assert (await client_as(Role.ADVISOR, stores=[new_id()]).get("/v1/customers")).json()["items"] == []


async def test_partners_need_the_scope(client_as, person):
    reader = client_as(Role.PARTNER, scopes=["customers:read"])
    writer = client_as(Role.PARTNER, scopes=["customers:write"])

    assert (await reader.get("/v1/customers")).status_code == 200
    assert (await reader.post("/v1/customers", json=person())).status_code == 403
    assert (await writer.post("/v1/customers", json=person())).status_code == 201


async def test_a_number_of_the_dealer_is_not_read_from_the_body(client, person, published):
    response = await client.post("/v1/customers", json=person(dealer_id=str(OTHER_DEALER)))

    assert response.status_code == 422
    assert {event.dealer_id for event in await published()} <= {DEALER}
