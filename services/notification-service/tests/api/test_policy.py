"""Rules that could never say anything are refused when they are made."""

import pytest


async def put(client, journey):
    return await client.put("/v1/policy", json={"journeys": [journey]})


@pytest.mark.parametrize(
    ("journey", "reason"),
    [
        ({"name": "lead_care", "template": "lead_caer"}, "there is no template 'lead_caer'"),
        (
            {"name": "hello", "event": "LeadSneezed", "template": "notice", "message_class": "service"},
            "no event is called 'LeadSneezed' here",
        ),
    ],
)
async def test_a_journey_to_nowhere_is_refused(client, journey, reason):
    response = await put(client, journey)

    assert response.status_code == 422
    assert reason in response.json()["errors"][0]["message"]


async def test_a_journey_that_works_is_taken(client):
    response = await put(client, {"name": "lead_care", "delay_s": 60})

    assert response.status_code == 200
    assert response.headers["etag"] == '"1"'


async def test_a_rule_with_a_typo_in_its_name_is_refused(client):
    response = await client.put("/v1/policy", json={"cap_pre_day": 5})

    assert response.status_code == 422
    assert response.json()["errors"] == [{"pointer": "/cap_pre_day", "message": "Unexpected keyword argument"}]
