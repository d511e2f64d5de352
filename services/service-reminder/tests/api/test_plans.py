import pytest
from baoke_chassis.testing import OTHER_DEALER

pytestmark = pytest.mark.usefixtures("any_hour")

YAML = """
powertrains: [petrol]
make: Volkswagen
items:
  - {code: oil_service, name_zh: 机油, name_en: Oil, every_km: 15000, every_months: 12}
  - {code: gearbox_oil, name_zh: 变速箱油, name_en: Gearbox oil, once_at_km: 60000}
"""
CSV = """code,name_zh,name_en,every_km,every_months,powertrains,make
oil_service,机油,Oil,7500,6,petrol,Volkswagen
"""
AS_YAML = {"content-type": "application/yaml"}
AS_CSV = {"content-type": "text/csv; charset=utf-8"}


async def test_every_dealer_starts_with_the_shipped_plans(client):
    plans = (await client.get("/v1/plans")).json()["items"]

    assert [(plan["name"], plan["version"], plan["powertrains"]) for plan in plans] == [
        ("diesel", 0, ["diesel"]),
        ("electric", 0, ["electric"]),
        ("hybrid", 0, ["hybrid"]),
        ("petrol", 0, ["petrol"]),
    ]


async def test_a_dealers_own_plan_goes_before_and_reaches_its_vehicles(
    deliver, registered, driven, client, client_as, maintenance
):
    car = registered()
    await deliver(car, *driven(car.vehicle_id, km=29_600))

    first = await client.put("/v1/plans/vw", content=YAML, headers=AS_YAML)
    with_yaml = await maintenance(car.vehicle_id)
    second = await client.put("/v1/plans/vw", content=CSV, headers=AS_CSV)
    with_csv = await maintenance(car.vehicle_id)

    assert (first.status_code, first.headers["etag"], second.headers["etag"]) == (200, '"1"', '"2"')
    assert {code: item["due_km"] for code, item in with_yaml.items()} == {"oil_service": 45_000, "gearbox_oil": 60_000}
    assert {code: item["due_km"] for code, item in with_csv.items()} == {"oil_service": 37_500}
    assert (await client.get("/v1/plans/vw")).json() == second.json()
    others = (await client_as("manager", dealer_id=OTHER_DEALER).get("/v1/plans/vw")).json()
    assert others["type"] == "/problems/plan-not-found"


async def test_a_plan_that_changed_meanwhile_is_not_overwritten(client):
    await client.put("/v1/plans/vw", content=YAML, headers=AS_YAML)

    stale = await client.put("/v1/plans/vw", content=CSV, headers={**AS_CSV, "if-match": '"0"'})
    fresh = await client.put("/v1/plans/vw", content=CSV, headers={**AS_CSV, "if-match": '"1"'})

    assert (stale.status_code, fresh.status_code) == (412, 200)


async def test_what_is_wrong_in_a_file_is_named_place_by_place(client):
    content = "powertrains: [steam]\nitems:\n  - {code: oil, name_zh: 油, name_en: Oil, every_km: 3}\n"

    refused = await client.put("/v1/plans/vw", content=content, headers=AS_YAML)

    assert refused.status_code == 422
    assert refused.json()["errors"] == [
        {"pointer": "/powertrains", "message": "is a list of petrol, diesel, hybrid, electric"},
        {"pointer": "/items/0/every_km", "message": "is a whole number from 500 to 1000000"},
        {"pointer": "/items/0", "message": "needs every_km, every_months, once_at_km or at_months"},
    ]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"\xff\xfe", AS_YAML, 400),
        (b"items: [", AS_YAML, 422),
        (b"", AS_CSV, 422),
        (b"<plan/>", {"content-type": "application/xml"}, 415),
        (b"items: []", {}, 415),
        (b"x" * 3_000_000, AS_YAML, 413),
    ],
)
async def test_what_is_no_plan_is_refused(client, content, headers, status):
    assert (await client.put("/v1/plans/vw", content=content, headers=headers)).status_code == status


async def test_a_name_that_is_none_is_refused(client):
    assert (await client.put("/v1/plans/No%20Name", content=YAML, headers=AS_YAML)).status_code == 422


async def test_a_new_plan_reminds_of_what_it_makes_due(deliver, registered, driven, client, run_job, maintenance):
    car = registered()
    await deliver(car, *driven(car.vehicle_id, km=52_300))
    content = YAML.replace("60000", "52600")

    await client.put("/v1/plans/vw", content=content, headers=AS_YAML)
    await run_job("replan_vehicles")

    assert (await maintenance(car.vehicle_id))["gearbox_oil"]["reminded"] == "first"
    assert await run_job("replan_vehicles") == 0


async def test_only_the_workshop_and_managers_change_plans(client_as):
    answers = [
        (await caller.put("/v1/plans/vw", content=YAML, headers=AS_YAML)).status_code
        for caller in (
            client_as("advisor"),
            client_as("partner", scopes=["visits:write"]),
            client_as("service_advisor"),
        )
    ]

    assert answers == [403, 403, 200]
