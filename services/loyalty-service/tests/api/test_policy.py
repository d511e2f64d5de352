"""The dealer's rules over HTTP."""

from typing import Any

import httpx
import pytest


async def test_what_a_dealer_leaves_out_stays_the_default(client: httpx.AsyncClient):
    await client.put("/v1/policy", json={"referral": {"hold_days": 0}})

    policy = (await client.get("/v1/policy")).json()

    assert policy["referral"] == {
        "points": 2_000,
        "voucher_kind": "fuel_card",
        "voucher_value_cents": 50_000,
        "currency": "CNY",
        "hold_days": 0,
    }
    assert policy["earning"] == {"points_per_yuan": 1, "purchase_points": 0, "life_months": 24}
    assert [reward["reward_id"] for reward in policy["rewards"]][:2] == ["car_wash", "service_100"]


@pytest.mark.parametrize(
    ("document", "because"),
    [
        ({"referral": {"hold_days": -1}}, "hold_days must be 0 to 365"),
        ({"tiers": {"silver_score": 20_000}}, "scores must rise from silver on"),
        ({"time_zone": "Mars/Olympus"}, "'Mars/Olympus' is no IANA time zone"),
        ({"earning": {"points_per_yuan": "many"}}, "valid integer"),
    ],
)
async def test_rules_that_make_no_sense_are_refused_with_the_reason(
    document: dict[str, Any], because: str, client: httpx.AsyncClient
):
    response = await client.put("/v1/policy", json=document)

    assert response.status_code == 422
    assert because in response.json()["errors"][0]["message"]


async def test_a_misspelt_rule_is_refused(client: httpx.AsyncClient):
    response = await client.put("/v1/policy", json={"referal": {"hold_days": 0}})

    assert response.status_code == 422
