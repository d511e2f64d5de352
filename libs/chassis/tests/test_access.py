"""Who a token says one is."""

from uuid import uuid4

import jwt
import pytest
from baoke_chassis.testing import DEALER


def token_with(issuer, **claims):
    """A token of our issuer with claims as another issuer may write them."""
    signed = issuer.token("manager")
    known = jwt.decode(signed, options={"verify_signature": False})
    key = issuer.jwks_file.with_name("issuer.pem").read_text()
    headers = jwt.get_unverified_header(signed)
    return jwt.encode({**known, "dealer_id": str(DEALER), **claims}, key, algorithm="ES256", headers=headers)


async def answer(client, token):
    return await client.get(f"/v1/notes/{uuid4()}", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (["manager"], 404),
        ("manager", 404),
        ("advisor manager", 404),
        ("managers", 403),
        ("administrator", 403),
        ([], 403),
        (["king"], 403),
        (7, 401),
    ],
)
async def test_a_role_is_a_whole_word(anonymous, issuer, roles, status):
    assert (await answer(anonymous, token_with(issuer, roles=roles))).status_code == status


@pytest.mark.parametrize(
    "claims", [{"exp": 1}, {"aud": "others"}, {"iss": "others"}, {"dealer_id": "7"}, {"stores": 7}]
)
async def test_a_claim_that_does_not_hold_is_401(anonymous, issuer, claims):
    assert (await answer(anonymous, token_with(issuer, **claims))).status_code == 401


async def test_what_holds_for_all_stores_is_not_for_a_token_of_some(client_as):
    of_one_store = client_as("admin", stores=[uuid4()])

    assert (await of_one_store.get("/v1/api-keys")).status_code == 403
    assert (await client_as("admin").get("/v1/api-keys")).status_code == 200


async def test_an_unsigned_token_is_401(anonymous, issuer):
    claims = jwt.decode(issuer.token("admin"), options={"verify_signature": False})

    assert (await answer(anonymous, jwt.encode(claims, None, algorithm="none"))).status_code == 401


async def test_a_token_signed_by_somebody_else_is_401(anonymous, issuer, tmp_path):
    other = type(issuer)(tmp_path)

    assert (await answer(anonymous, other.token("admin", dealer_id=DEALER))).status_code == 401
