"""Members over HTTP: standing, statement, redemptions, codes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import PointsRedeemed, RewardIssued
from baoke_events.ids import uuid7
from loyalty_service.domain.awards import life_from
from loyalty_service.domain.policy import LoyaltyPolicy

Enrol = Callable[..., Awaitable[UUID]]


async def test_a_member_sees_points_tier_and_what_is_missing(enrol: Enrol, client: httpx.AsyncClient):
    customer_id = await enrol(1_280)

    response = await client.get(f"/v1/members/{customer_id}")

    member = response.json()
    assert response.status_code == 200
    assert member.pop("enrolled_at")
    assert member["tier_progress"].pop("since")
    assert member == {
        "customer_id": str(customer_id),
        "balance": 1_280,
        "pending": 0,
        "tier": "member",
        "tier_progress": {"score": 1_580, "spend_cents": 128_000, "services": 1, "referrals": 0},
        "next_tier": {
            "name": "silver",
            "score": 3_000,
            "missing_score": 1_420,
            "missing_spend_cents": 142_000,
            "missing_services": 5,
            "missing_referrals": 1,
        },
        "expiring": [],
    }


async def test_points_that_end_soon_are_shown_by_day(
    facts: Any,
    deliver: Callable[..., Awaitable[None]],
    client: httpx.AsyncClient,
    set_policy: Callable[..., Awaitable[None]],
):
    await set_policy(earning={"life_months": 24}, expiring_days=800)
    customer_id = uuid7()
    services = [facts.serviced(customer_id, cents) for cents in (10_000, 5_000)]
    await deliver(*services)

    member = (await client.get(f"/v1/members/{customer_id}")).json()

    last_day = life_from(services[0].completed_at, LoyaltyPolicy()).expires_on
    assert member["expiring"] == [{"expires_on": last_day.isoformat(), "points": 150}]


async def test_a_customer_who_is_no_member_is_not_found(client: httpx.AsyncClient):
    for path in ("", "/statement"):
        response = await client.get(f"/v1/members/{uuid7()}{path}")
        assert (response.status_code, response.json()["type"]) == (404, "/problems/member-not-found")


async def test_the_statement_shows_which_awards_a_spend_used(enrol: Enrol, client: httpx.AsyncClient):
    customer_id = await enrol(300, 200)
    body = {"points": 350, "reason": "¥17.50 off visit 3"}
    redemption = (await client.post(f"/v1/members/{customer_id}/redemptions", json=body)).json()

    spent, second, first = (await client.get(f"/v1/members/{customer_id}/statement")).json()["items"]

    assert [entry["balance"] for entry in (first, second, spent)] == [300, 500, 150]
    assert [entry["number"] for entry in (first, second, spent)] == [1, 2, 3]
    assert (spent["kind"], spent["points"], spent["reason"]) == ("redeemed", -350, "¥17.50 off visit 3")
    assert spent["entry_id"] == redemption["redemption_id"]
    [award], [other] = first["awards"], second["awards"]
    assert spent["awards"] == [{**award, "points": 300}, {**other, "points": 50}]
    assert redemption["used"] == [
        {"award_id": award["award_id"], "points": 300},
        {"award_id": other["award_id"], "points": 50},
    ]


async def test_the_statement_comes_in_pages(enrol: Enrol, client: httpx.AsyncClient):
    customer_id = await enrol(1, 2, 3, 4, 5)
    path, pages = f"/v1/members/{customer_id}/statement", []
    cursor: str | None = ""

    while cursor is not None:
        page = (await client.get(path, params={"limit": 2, **({"cursor": cursor} if cursor else {})})).json()
        pages.append([entry["points"] for entry in page["items"]])
        cursor = page["next_cursor"]

    assert pages == [[5, 4], [3, 2], [1]]


async def test_a_reward_is_bought_with_points_and_issued_as_a_voucher(
    enrol: Enrol, client: httpx.AsyncClient, told: Callable[..., Awaitable[list[Any]]]
):
    customer_id = await enrol(2_500)

    response = await client.post(f"/v1/members/{customer_id}/redemptions", json={"reward_id": "service_100"})

    answer = response.json()
    assert response.status_code == 201
    assert (answer["points"], answer["balance"]) == (2_000, 500)
    voucher = answer["voucher"]
    assert (voucher["kind"], voucher["value_cents"], voucher["state"]) == ("service", 10_000, "issued")
    assert (voucher["source"], voucher["source_id"]) == ("redemption", answer["redemption_id"])
    listed = (await client.get("/v1/vouchers", params={"customer_id": str(customer_id)})).json()
    assert listed == {"items": [voucher], "next_cursor": None}
    [redeemed], [issued] = await told(PointsRedeemed), await told(RewardIssued)
    assert (redeemed.points, redeemed.reason, redeemed.balance) == (2_000, "service_100", 500)
    assert (str(issued.voucher_id), issued.kind, issued.value_cents) == (voucher["voucher_id"], "service", 10_000)


async def test_redeeming_more_than_held_is_refused_and_publishes_nothing(
    enrol: Enrol, client: httpx.AsyncClient, told: Callable[..., Awaitable[list[Any]]]
):
    customer_id = await enrol(10)

    response = await client.post(f"/v1/members/{customer_id}/redemptions", json={"points": 50, "reason": "gift"})

    assert response.status_code == 409
    assert response.json() == {
        "type": "/problems/insufficient-points",
        "title": "The member holds fewer points than asked",
        "status": 409,
        "detail": "50 points asked, 10 held",
    }
    assert await told(PointsRedeemed) == []


async def test_an_unknown_reward_is_not_found(enrol: Enrol, client: httpx.AsyncClient):
    response = await client.post(f"/v1/members/{await enrol(10)}/redemptions", json={"reward_id": "yacht"})

    assert (response.status_code, response.json()["type"]) == (404, "/problems/reward-not-found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"points": 5},
        {"reason": "gift"},
        {"reward_id": "car_wash", "points": 5, "reason": "gift"},
        {"reward_id": "car_wash", "reason": "gift"},
        {"points": 0, "reason": "gift"},
        {"points": -5, "reason": "gift"},
        {"points": 5, "reason": " "},
        {"points": 5, "reason": "gift", "colour": "red"},
        {"points": 1.5, "reason": "gift"},
    ],
)
async def test_a_redemption_that_makes_no_sense_is_refused(
    body: dict[str, object], enrol: Enrol, client: httpx.AsyncClient
):
    response = await client.post(f"/v1/members/{await enrol(100)}/redemptions", json=body)

    assert (response.status_code, response.json()["type"]) == (422, "/problems/invalid-input")


async def test_twenty_requests_at_once_never_overspend(enrol: Enrol, client: httpx.AsyncClient):
    customer_id = await enrol(1_000)
    body = {"points": 100, "reason": "gift"}

    responses = await asyncio.gather(
        *(client.post(f"/v1/members/{customer_id}/redemptions", json=body) for _ in range(20))
    )

    assert sorted(response.status_code for response in responses) == [201] * 10 + [409] * 10
    assert (await client.get(f"/v1/members/{customer_id}")).json()["balance"] == 0


async def test_a_redemption_sent_twice_with_one_key_is_made_once(enrol: Enrol, client: httpx.AsyncClient):
    customer_id, key = await enrol(1_000), {"Idempotency-Key": "desk-7"}
    body = {"points": 100, "reason": "gift"}

    first, again = [
        await client.post(f"/v1/members/{customer_id}/redemptions", json=body, headers=key) for _ in range(2)
    ]

    assert first.json() == again.json()
    assert (await client.get(f"/v1/members/{customer_id}")).json()["balance"] == 900


async def test_a_member_has_one_code_however_often_asked(
    enrol: Enrol, client: httpx.AsyncClient, code_of: Callable[[UUID], Awaitable[str]]
):
    customer_id, other = await enrol(), await enrol()

    codes = await asyncio.gather(*(code_of(customer_id) for _ in range(5)))

    assert len(set(codes)) == 1
    assert len(codes[0]) == 10
    assert await code_of(other) != codes[0]


async def test_who_is_no_member_gets_no_code(client: httpx.AsyncClient):
    response = await client.post(f"/v1/members/{uuid7()}/referral-codes")

    assert (response.status_code, response.json()["type"]) == (404, "/problems/member-not-found")


async def test_another_dealers_member_is_not_found(enrol: Enrol, client_as: Callable[..., httpx.AsyncClient]):
    customer_id, stranger = await enrol(1_000), client_as("manager", dealer_id=OTHER_DEALER)

    answers = [
        await stranger.get(f"/v1/members/{customer_id}"),
        await stranger.get(f"/v1/members/{customer_id}/statement"),
        await stranger.post(f"/v1/members/{customer_id}/redemptions", json={"points": 1, "reason": "gift"}),
        await stranger.post(f"/v1/members/{customer_id}/referral-codes"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


async def test_roles_and_scopes_decide_who_may_look_and_who_may_spend(
    enrol: Enrol, client_as: Callable[..., httpx.AsyncClient], anonymous: httpx.AsyncClient
):
    path = f"/v1/members/{await enrol(1_000)}"
    callers = {
        "service_advisor": (client_as("service_advisor"), 200, 201),
        "advisor": (client_as("advisor"), 200, 201),
        "admin": (client_as("admin"), 200, 201),
        "auditor": (client_as("auditor"), 200, 403),
        "marketing": (client_as("marketing"), 403, 403),
        "reading partner": (client_as("partner", scopes=["loyalty:read"]), 200, 403),
        "writing partner": (client_as("partner", scopes=["loyalty:write"]), 403, 201),
        "nobody": (anonymous, 401, 401),
    }

    for who, (caller, may_look, may_spend) in callers.items():
        looked = await caller.get(path)
        spent = await caller.post(f"{path}/redemptions", json={"points": 1, "reason": "gift"})
        assert (who, looked.status_code, spent.status_code) == (who, may_look, may_spend)
