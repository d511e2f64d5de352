"""Vouchers over HTTP: used once, by who knows the code."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_chassis.testing import OTHER_DEALER
from baoke_events.ids import uuid7

Enrol = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def voucher(enrol: Enrol, client: httpx.AsyncClient) -> dict[str, Any]:
    """A car wash, bought with points."""
    customer_id = await enrol(1_000)
    bought = await client.post(f"/v1/members/{customer_id}/redemptions", json={"reward_id": "car_wash"})
    return dict(bought.json()["voucher"])


async def test_a_voucher_is_used_once(voucher: dict[str, Any], client_as: Callable[..., httpx.AsyncClient]):
    desk = client_as("service_advisor", subject="desk-2")

    used = await desk.post(f"/v1/vouchers/{voucher['code']}/redeem")
    again = await desk.post(f"/v1/vouchers/{voucher['code']}/redeem")

    assert used.status_code == 200
    assert used.json() == {
        **voucher,
        "state": "redeemed",
        "redeemed_at": used.json()["redeemed_at"],
        "redeemed_by": "desk-2",
    }
    assert (again.status_code, again.json()["type"]) == (409, "/problems/voucher-redeemed")


async def test_of_ten_who_use_a_voucher_at_once_one_succeeds(voucher: dict[str, Any], client: httpx.AsyncClient):
    answers = await asyncio.gather(*(client.post(f"/v1/vouchers/{voucher['code']}/redeem") for _ in range(10)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9


async def test_a_code_may_be_typed_as_people_do(voucher: dict[str, Any], client: httpx.AsyncClient):
    code = voucher["code"].lower()

    used = await client.post(f"/v1/vouchers/{code[:4]}-{code[4:8]} {code[8:]}/redeem")

    assert used.status_code == 200


async def test_a_wrong_code_or_another_dealers_is_not_found(
    voucher: dict[str, Any], client: httpx.AsyncClient, client_as: Callable[..., httpx.AsyncClient]
):
    stranger = client_as("manager", dealer_id=OTHER_DEALER)

    wrong = await client.post("/v1/vouchers/0000000000000000/redeem")
    foreign = await stranger.post(f"/v1/vouchers/{voucher['code']}/redeem")

    for answer in (wrong, foreign):
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/voucher-not-found")


async def test_an_auditor_sees_the_voucher_and_not_its_code(
    voucher: dict[str, Any], client_as: Callable[..., httpx.AsyncClient]
):
    asked = {"customer_id": voucher["customer_id"]}

    [seen] = (await client_as("auditor").get("/v1/vouchers", params=asked)).json()["items"]

    assert seen == {**voucher, "code": "*" * 12 + voucher["code"][-4:]}


async def test_vouchers_come_newest_first_in_pages(enrol: Enrol, client: httpx.AsyncClient):
    customer_id = await enrol(3_000)
    bought = [
        (await client.post(f"/v1/members/{customer_id}/redemptions", json={"reward_id": "car_wash"})).json()
        for _ in range(3)
    ]
    asked = {"customer_id": str(customer_id), "limit": "2"}

    first = (await client.get("/v1/vouchers", params=asked)).json()
    second = (await client.get("/v1/vouchers", params={**asked, "cursor": first["next_cursor"]})).json()

    assert first["items"] + second["items"] == [redemption["voucher"] for redemption in reversed(bought)]
    assert second["next_cursor"] is None


async def test_a_cursor_of_another_list_is_refused(enrol: Enrol, client: httpx.AsyncClient):
    customer_id = await enrol(1, 2)
    cursor = (await client.get(f"/v1/members/{customer_id}/statement", params={"limit": 1})).json()["next_cursor"]

    answer = await client.get("/v1/vouchers", params={"customer_id": str(customer_id), "cursor": cursor})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/invalid-cursor")


async def test_a_customer_without_vouchers_has_an_empty_list(client: httpx.AsyncClient):
    answer = await client.get("/v1/vouchers", params={"customer_id": str(uuid7())})

    assert answer.json() == {"items": [], "next_cursor": None}


async def test_the_rewards_are_the_dealers(client: httpx.AsyncClient, set_policy: Callable[..., Awaitable[None]]):
    reward = {
        "reward_id": "tyre_check",
        "name_zh": "轮胎检测",
        "name_en": "Tyre check",
        "points": 300,
        "kind": "service",
        "value_cents": 3_000,
        "currency": "CNY",
    }
    await set_policy(rewards=[reward])

    assert (await client.get("/v1/rewards")).json() == {"items": [reward], "next_cursor": None}


async def test_rewards_come_page_by_page(client: httpx.AsyncClient):
    whole = (await client.get("/v1/rewards")).json()["items"]

    first = (await client.get("/v1/rewards", params={"limit": 1})).json()
    rest = (await client.get("/v1/rewards", params={"cursor": first["next_cursor"]})).json()

    assert first["items"] + rest["items"] == whole
    assert rest["next_cursor"] is None
