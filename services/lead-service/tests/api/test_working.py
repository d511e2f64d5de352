import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from baoke_events import LeadAssigned, LeadContacted, LeadDefeated, LeadStageChanged, LeadWon
from sqlalchemy import text


async def test_the_first_contact_takes_a_new_lead_on(advisor, capture, published):
    lead_id = await capture()
    advisor_id = UUID("0199d3a0-0000-7000-8000-0000000000b1")

    own = await advisor(advisor_id)

    response = await own.post(
        f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "interested", "note": "周六来看车"}
    )

    assert response.status_code == 201
    answer = response.json()
    assert (answer["lead"]["stage"], answer["lead"]["advisor_id"]) == ("contacted", str(advisor_id))
    assert answer["contact"]["on_time"] is True
    assert answer["lead"]["next_contact_at"] == answer["contact"]["next_contact_at"]
    assigned, contacted, moved = (await published())[2:]
    assert isinstance(assigned, LeadAssigned)
    assert isinstance(contacted, LeadContacted)
    assert isinstance(moved, LeadStageChanged)
    assert assigned.advisor_id == contacted.advisor_id == advisor_id
    assert (moved.from_stage, moved.to_stage) == ("new", "contacted")


async def test_a_late_contact_is_not_on_time(client, capture, session, published):
    lead_id = await capture()
    await session.execute(text("UPDATE lead SET next_contact_at = now() - interval '1 hour'"))
    await session.commit()

    response = await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "reached"})

    assert response.json()["contact"]["on_time"] is False
    assert [event.on_time for event in await published() if hasattr(event, "on_time")] == [False]


async def test_nobody_answering_is_on_record_but_no_contact(client, capture, published):
    lead_id = await capture(grade="c")

    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "no_answer"})

    lead = (await client.get(f"/v1/leads/{lead_id}")).json()
    assert (lead["stage"], len(lead["follow_ups"])) == ("new", 1)
    due_in = datetime.fromisoformat(lead["next_contact_at"]) - datetime.now(UTC)
    assert timedelta(days=6) < due_in <= timedelta(days=7)
    assert isinstance((await published())[-1], LeadContacted)


@pytest.mark.parametrize(
    ("days", "note", "kind"),
    [
        (-1, "出差回来", "next-contact-in-the-past"),
        (15, "出差回来", "next-contact-too-far"),
        (27_000, "出差回来", "next-contact-too-far"),
        (10, None, "postponed-without-reason"),
    ],
)
async def test_a_contact_sets_no_next_one_in_the_past_too_far_ahead_or_later_without_a_reason(
    client, capture, published, days, note, kind
):
    lead_id = await capture(grade="b")
    told = await published()
    next_contact_at = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    contact = {"channel": "wecom", "outcome": "call_back", "note": note, "next_contact_at": next_contact_at}

    refused = await client.post(f"/v1/leads/{lead_id}/contacts", json=contact)

    assert (refused.status_code, refused.json()["type"]) == (409, f"/problems/{kind}")
    assert await published() == told


async def test_a_contact_sets_the_next_one_with_a_reason(client, capture):
    lead_id = await capture(grade="b")
    to_at = (datetime.now(UTC) + timedelta(days=10)).replace(microsecond=0)
    contact = {"channel": "wecom", "outcome": "call_back", "note": "出差回来", "next_contact_at": to_at.isoformat()}

    answer = (await client.post(f"/v1/leads/{lead_id}/contacts", json=contact)).json()

    assert answer["lead"]["next_contact_at"] == to_at.isoformat().replace("+00:00", "Z")


async def test_stages_go_ahead_and_back_to_contacted_only(client, capture, published):
    lead_id = await capture()
    told = len(await published())

    async def move(stage: str) -> int:
        return (await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": stage})).status_code

    assert [await move(stage) for stage in ("appointed", "test_driven", "test_driven", "visited")] == [
        200,
        200,
        200,
        409,
    ]
    assert [await move(stage) for stage in ("won", "defeated", "new", "sold", "contacted")] == [409, 409, 409, 422, 200]
    moves = [(event.from_stage, event.to_stage) for event in (await published())[told:]]
    assert moves == [("new", "appointed"), ("appointed", "test_driven"), ("test_driven", "contacted")]


async def test_a_contact_that_made_an_appointment_takes_the_lead_to_appointed(client, capture, published):
    lead_id = await capture()

    await client.post(f"/v1/leads/{lead_id}/contacts", json={"channel": "phone", "outcome": "appointment_made"})

    assert (await client.get(f"/v1/leads/{lead_id}")).json()["stage"] == "appointed"
    moved = (await published())[-1]
    assert (moved.from_stage, moved.to_stage) == ("new", "appointed")


async def test_how_long_a_lead_stood_before_the_first_step_kept_is_not_known(client, capture, session):
    lead_id = await capture()
    for stage in ("contacted", "appointed", "visited"):
        await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": stage})
    await session.execute(text("DELETE FROM stage_change WHERE lead_id = :id AND from_stage = 'new'"), {"id": lead_id})
    await session.commit()

    visited, appointed = (await client.get(f"/v1/leads/{lead_id}")).json()["stages"]

    assert (visited["is_stay_known"], appointed["is_stay_known"], appointed["stayed_s"]) == (True, False, 0)


async def test_a_defeat_records_how_the_lead_stood_and_says_so(client, capture, published):
    lead_id = await capture(interest={"trim": "Long Range"}, grade="h")
    await client.post(f"/v1/leads/{lead_id}/stage", json={"stage": "negotiating"})
    told = len(await published())

    response = await client.post(
        f"/v1/leads/{lead_id}/defeat", json={"reason": "price", "competitor": "Tesla", "note": "差一万二"}
    )

    assert response.status_code == 200
    answer = response.json()
    assert answer.pop("defeated_at")
    assert answer == {
        "reason": "price",
        "competitor": "Tesla",
        "note": "差一万二",
        "stage": "negotiating",
        "grade": "h",
    }
    moved, defeated = (await published())[told:]
    assert isinstance(moved, LeadStageChanged)
    assert isinstance(defeated, LeadDefeated)
    assert (moved.from_stage, moved.to_stage) == ("negotiating", "defeated")
    assert (defeated.stage, defeated.grade, defeated.reason, defeated.competitor) == (
        "negotiating",
        "h",
        "price",
        "Tesla",
    )
    assert (defeated.make, defeated.model, defeated.trim) == ("BYD", "Seal", "Long Range")


SALE = {
    "vin": "LC0CE4CB7N0123455",
    "make": "BYD",
    "model": "Seal",
    "price_cents": 18_980_000,
    "sold_at": "2026-01-08T14:30:00+08:00",
    "powertrain": "electric",
}


async def test_a_sale_closes_the_lead_and_says_what_was_bought(client, capture, published):
    lead_id = await capture(referral_code="FRIEND-7")
    told = len(await published())

    response = await client.post(f"/v1/leads/{lead_id}/win", json=SALE)

    assert response.status_code == 200
    assert (response.json()["stage"], response.json()["warnings"]) == ("won", [])
    moved, won = (await published())[told:]
    assert isinstance(moved, LeadStageChanged)
    assert isinstance(won, LeadWon)
    assert (won.vin, won.powertrain, won.channel, won.referral_code) == (
        "LC0CE4CB7N0123455",
        "electric",
        "dongchedi",
        "FRIEND-7",
    )
    assert (await client.get(f"/v1/leads/{lead_id}")).json()["sale"]["price_cents"] == 18_980_000


async def test_a_wrong_check_digit_is_refused_where_it_is_the_law_and_warned_of_elsewhere(client, capture):
    lead_id = await capture()

    chinese = await client.post(f"/v1/leads/{lead_id}/win", json={**SALE, "vin": "LC0CE4CB5N0123455"})
    german = await client.post(f"/v1/leads/{lead_id}/win", json={**SALE, "vin": "wvwzzz1jz3w386752"})

    assert (chinese.status_code, chinese.json()["errors"][0]["pointer"]) == (422, "/vin")
    assert german.status_code == 200
    assert german.json()["warnings"] == ["WVWZZZ1JZ3W386752 has no valid check digit; its maker may not use one"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("contacts", {"channel": "phone", "outcome": "reached"}),
        ("stage", {"stage": "negotiating"}),
        ("defeat", {"reason": "price"}),
        ("win", SALE),
    ],
)
async def test_a_closed_lead_is_no_longer_worked(client, defeat, published, path, body):
    lead_id = await defeat("price")
    told = await published()

    response = await client.post(f"/v1/leads/{lead_id}/{path}", json=body)

    assert (response.status_code, response.json()["type"]) == (409, "/problems/lead-closed")
    assert await published() == told


async def test_of_many_defeats_at_once_one_counts(client, capture, published):
    lead_id = await capture()

    responses = await asyncio.gather(
        *(client.post(f"/v1/leads/{lead_id}/defeat", json={"reason": "price"}) for _ in range(5))
    )

    assert sorted(response.status_code for response in responses) == [200, 409, 409, 409, 409]
    assert len([event for event in await published() if isinstance(event, LeadDefeated)]) == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("contacts", {"channel": "pigeon", "outcome": "reached"}),
        ("contacts", {"channel": "phone", "outcome": "reached", "next_contact_at": "2099-01-01T09:00:00"}),
        ("defeat", {"reason": "boredom"}),
        ("defeat", {"reason": "price", "why": "?"}),
        ("win", {**SALE, "vin": "TOO-SHORT"}),
        ("win", {**SALE, "price_cents": -1}),
    ],
)
async def test_what_does_not_fit_the_schema_is_refused(client, capture, path, body):
    lead_id = await capture()

    assert (await client.post(f"/v1/leads/{lead_id}/{path}", json=body)).status_code == 422
