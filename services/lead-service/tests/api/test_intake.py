import asyncio
import json
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_events import ContactChanged, LeadCaptured, LeadTouched, ReferralMade


async def test_a_new_lead_is_created_and_told(client, lead_body, published, store_id):
    body = lead_body(
        source={"source_id": "D-1"},
        contact={"phone": "138 0013 8000", "email": "li.na@example.com"},
        grade="A",
        referral_code="FRIEND-7",
    )

    response = await client.post("/v1/leads", json=body)

    assert response.status_code == 201
    answer = response.json()
    lead_id = UUID(answer.pop("lead_id"))
    assert answer.pop("next_contact_at")
    assert answer == {
        "outcome": "created",
        "store_id": str(store_id),
        "advisor_id": None,
        "stage": "new",
        "grade": "a",
        "touches": 1,
    }
    captured, referral, contact = await published()
    assert isinstance(captured, LeadCaptured)
    assert isinstance(referral, ReferralMade)
    assert isinstance(contact, ContactChanged)
    assert (captured.lead_id, captured.channel, captured.source_id) == (lead_id, "dongchedi", "D-1")
    assert (captured.sequence, referral.sequence, referral.referral_code) == (1, 2, "FRIEND-7")
    assert (contact.party_id, contact.party_kind, contact.phone) == (lead_id, "lead", "+8613800138000")
    assert contact.consents == ()


async def test_the_same_source_id_is_repeated_and_changes_nothing(client, lead_body, published):
    body = lead_body(source={"source_id": "D-1"})
    first = (await client.post("/v1/leads", json=body)).json()
    told = await published()

    again = await client.post("/v1/leads", json={**body, "note": "sent again"})

    assert again.status_code == 200
    assert again.json() == {**first, "outcome": "repeated"}
    assert await published() == told


async def test_a_source_id_that_touched_a_lead_is_repeated_too(client, lead_body):
    body = lead_body()
    await client.post("/v1/leads", json=body)
    touching = {**body, "source": {"channel": "autohome", "source_id": "A-1"}}

    outcomes = [(await client.post("/v1/leads", json=touching)).json()["outcome"] for _ in range(2)]

    assert outcomes == ["touched", "repeated"]


async def test_the_same_phone_touches_the_open_lead_and_fills_what_was_not_known(client, lead_body, published):
    body = lead_body(contact={"phone": "13800138000"})
    lead_id = (await client.post("/v1/leads", json=body)).json()["lead_id"]
    again = lead_body(
        source={"channel": "autohome", "source_id": "A-1"},
        contact={"name": "李小姐", "phone": "+86 138-0013-8000", "email": "li.na@example.com"},
    )

    response = await client.post("/v1/leads", json=again)

    assert response.status_code == 200
    answer = response.json()
    assert (answer["lead_id"], answer["outcome"], answer["touches"]) == (lead_id, "touched", 2)
    *_, touched, contact = await published()
    assert isinstance(touched, LeadTouched)
    assert (touched.channel, touched.source_id, touched.touches) == ("autohome", "A-1", 2)
    assert isinstance(contact, ContactChanged)
    assert (contact.name, contact.email) == ("李娜", "li.na@example.com")


async def test_a_touch_that_adds_nothing_to_the_contact_does_not_repeat_it(client, lead_body, published):
    body = lead_body()
    await client.post("/v1/leads", json=body)
    await client.post("/v1/leads", json=body)

    assert [type(event) for event in await published()] == [LeadCaptured, ContactChanged, LeadTouched]


async def test_twenty_identical_inquiries_at_once_make_one_lead(client, lead_body, published):
    body = lead_body()

    responses = await asyncio.gather(*(client.post("/v1/leads", json=body) for _ in range(20)))

    assert len({response.json()["lead_id"] for response in responses}) == 1
    assert sorted(response.status_code for response in responses) == [200] * 19 + [201]
    touched = [event for event in await published() if isinstance(event, LeadTouched)]
    assert sorted(event.touches for event in touched) == list(range(2, 21))
    assert [event.sequence for event in touched] == list(range(2, 21))


async def test_twenty_copies_of_one_source_id_at_once_make_one_lead(client, lead_body, published):
    body = lead_body(source={"source_id": "D-1"}, contact={"phone": "17012345678"})

    responses = await asyncio.gather(*(client.post("/v1/leads", json=body) for _ in range(20)))

    assert len({response.json()["lead_id"] for response in responses}) == 1
    assert sorted(response.json()["outcome"] for response in responses) == ["created"] + ["repeated"] * 19
    assert len(await published()) == 2


async def test_relay_numbers_never_merge_people(client, lead_body):
    relays = [
        {"phone": "13800138000", "phone_is_relay": True},
        {"phone": "17012345678"},
        {"phone": "13800138000,1234"},
        {"phone": "13800138000转1234"},
    ]
    lead_ids = set()
    for contact in relays * 2:
        answer = (await client.post("/v1/leads", json=lead_body(contact=contact))).json()
        assert answer["outcome"] == "created"
        lead_ids.add(answer["lead_id"])

    assert len(lead_ids) == 8


async def test_a_sender_that_knows_better_makes_a_virtual_operators_number_a_persons(client, lead_body):
    body = lead_body(contact={"phone": "17012345678", "phone_is_relay": False})
    await client.post("/v1/leads", json=body)

    assert (await client.post("/v1/leads", json=body)).json()["outcome"] == "touched"


async def test_the_phone_of_a_closed_lead_opens_a_new_one(client, lead_body, defeat):
    lost = await defeat("price", contact={"phone": "13800138000"})

    answer = (await client.post("/v1/leads", json=lead_body(contact={"phone": "13800138000"}))).json()

    assert answer["outcome"] == "created"
    assert answer["lead_id"] != str(lost)


async def test_one_phone_is_a_lead_of_each_dealer(client_as, client, lead_body):
    body = lead_body()
    other = client_as(Role.MANAGER, dealer_id=UUID("0199d3a0-0000-7000-8000-0000000000d2"))

    answers = [(await caller.post("/v1/leads", json=body)).json() for caller in (client, other)]

    assert [answer["outcome"] for answer in answers] == ["created", "created"]


async def test_an_advisor_owns_the_lead_they_enter(client_as, lead_body, published):
    advisor_id = UUID("0199d3a0-0000-7000-8000-0000000000b1")

    answer = await client_as(Role.ADVISOR, subject=str(advisor_id)).post("/v1/leads", json=lead_body())

    assert answer.json()["advisor_id"] == str(advisor_id)
    assert (await published())[0].advisor_id == advisor_id


async def test_a_channel_whose_wording_grants_is_consent_until_the_person_says_otherwise(
    client, lead_body, set_policy, published
):
    grants = [{"purpose": "marketing", "channel": "sms"}, {"purpose": "service", "channel": "sms"}]
    await set_policy(consent_wordings={"dongchedi": {"wording_version": "2026-01", "grants": grants}})
    refusal = {"purpose": "marketing", "channel": "sms", "granted": False, "wording_version": "2026-02"}
    body = lead_body()

    for consents in (None, [refusal], None):
        await client.post("/v1/leads", json={**body, "contact": {**body["contact"], "consents": consents}})

    contacts = [event for event in await published() if isinstance(event, ContactChanged)]
    said = [{(c.purpose, c.channel): c.granted for c in contact.consents} for contact in contacts]
    assert said == [
        {("marketing", "sms"): True, ("service", "sms"): True},
        {("marketing", "sms"): False, ("service", "sms"): True},
    ]


async def test_each_wrong_field_is_named(client, lead_body, published):
    body = lead_body(
        source={"channel": "carrier-pigeon"},
        contact={"phone": "12345", "email": "nobody", "colour": "red", "time_zone": "Moon/Sea"},
        interest={"budget_cents": -1, "make": ""},
        grade="z",
    )

    response = await client.post("/v1/leads", json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert {error["pointer"] for error in response.json()["errors"]} == {
        "/source/channel",
        "/contact/phone",
        "/contact/email",
        "/contact/colour",
        "/contact/time_zone",
        "/interest/budget_cents",
        "/interest/make",
        "/grade",
    }
    assert await published() == []


async def test_a_person_who_cannot_be_reached_is_no_lead(client, lead_body):
    body = lead_body()
    body["contact"] = {"name": "李娜"}

    response = await client.post("/v1/leads", json=body)

    assert response.status_code == 422
    assert [error["pointer"] for error in response.json()["errors"]] == ["/contact"]


async def test_wrong_types_and_broken_json_are_refused(client, lead_body):
    body = lead_body()

    for wrong in ({**body, "contact": []}, {**body, "store_id": 7}, [], "lead", None):
        assert (await client.post("/v1/leads", json=wrong)).status_code == 422
    broken = await client.post("/v1/leads", content="{", headers={"Content-Type": "application/json"})
    assert broken.status_code == 400


@pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "x" * 101])
async def test_a_text_that_cannot_be_kept_is_refused(client, lead_body, text):
    body = json.dumps(lead_body(contact={"name": "NAME"})).replace("NAME", text)

    single = await client.post("/v1/leads", content=body, headers={"Content-Type": "application/json"})
    batch = await client.post("/v1/leads/batch", content=f"[{body}]", headers={"Content-Type": "application/json"})

    assert single.status_code == batch.json()["results"][0]["status"] == 422
    assert [error["pointer"] for error in single.json()["errors"]] == ["/contact/name"]


async def test_a_token_of_other_stores_takes_no_lead_in(client_as, lead_body, other_store_id):
    response = await client_as(Role.ADVISOR, stores=[other_store_id]).post("/v1/leads", json=lead_body())

    assert response.status_code == 403


async def test_the_same_idempotency_key_answers_the_same(client, lead_body, published):
    body, headers = lead_body(contact={"phone": "17012345678"}), {"Idempotency-Key": "k-1"}
    first = await client.post("/v1/leads", json=body, headers=headers)

    again = await client.post("/v1/leads", json=body, headers=headers)

    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(await published()) == 2
