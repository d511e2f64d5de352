"""Reporting odometer readings in batches."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from baoke_chassis.access import Role
from baoke_chassis.testing import OTHER_DEALER
from baoke_events import MileageUpdated, TradeInCandidateFound

NOW = datetime.now(UTC).replace(microsecond=0)


def reading(km: int, days_ago: float, **fields: Any) -> dict[str, Any]:
    return {"km": km, "read_at": (NOW - timedelta(days=days_ago)).isoformat(), "source": "telematics", **fields}


@pytest.fixture
def report(client):
    async def send(readings: list[Any], by=client) -> list[tuple[Any, ...]]:
        response = await by.post("/v1/odometer-readings/batch", json=readings)
        assert response.status_code == 200, response.text
        results = response.json()["results"]
        assert [result["index"] for result in results] == list(range(len(readings)))
        return [(result["status"], result["reason"]) for result in results]

    return send


@pytest.fixture
def mileages(published):
    async def read() -> list[int]:
        return [event.km for event in await published() if isinstance(event, MileageUpdated)]

    return read


@pytest.fixture
async def vehicle_id(register, add_vehicle) -> UUID:
    return await add_vehicle(await register())


async def test_a_thousand_shuffled_readings_with_repeats_and_typos(client, report, mileages, vehicle_id, vin):
    true = [reading(20_000 + 10 * n, 100 - n / 10, vin=vin()) for n in range(990)]
    typos = [reading(1_999_105, 50.05, vin=vin()), reading(1_500, 30.05, vin=vin())]
    batch = [*true, *typos, *true[:8]]
    random.Random(5).shuffle(batch)  # noqa: S311 (not a secret)

    results = await report(batch)

    counts = {status: [s for s, _ in results].count(status) for status in ("accepted", "quarantined", "repeated")}
    assert counts == {"accepted": 990, "quarantined": 2, "repeated": 8}
    assert results[batch.index(typos[0])] == ("quarantined", "implausible_distance")
    assert results[batch.index(typos[1])] == ("quarantined", "goes_back")
    assert await mileages() == [20_000 + 10 * n for n in range(990)]
    shown = (await client.get(f"/v1/vehicles/{vehicle_id}")).json()
    assert (shown["odometer_km"], shown["odometer_read_at"]) == (29_890, true[-1]["read_at"].replace("+00:00", "Z"))


async def test_a_vehicle_with_one_reading_is_told_of_as_one_with_two(report, register, add_vehicle, store, published):
    customer_id = await register()
    one, two = [await add_vehicle(customer_id, number) for number in (1, 2)]

    await report(
        [
            reading(10_000, 3, vehicle_id=str(one)),
            reading(10_000, 3, vehicle_id=str(two)),
            reading(10_100, 2, vehicle_id=str(two)),
        ]
    )

    of_one, of_two, _ = [event for event in await published() if isinstance(event, MileageUpdated)]
    same = of_two.model_dump(exclude={"id", "vehicle_id"})
    assert of_one.model_dump(exclude={"id", "vehicle_id"}) == same
    assert (of_one.vehicle_id, of_two.vehicle_id) == (one, two)
    told = (of_one.customer_id, of_one.store_id, of_one.km, of_one.read_at, of_one.reading_source, of_one.sequence)
    assert told == (customer_id, store, 10_000, NOW - timedelta(days=3), "telematics", 2)
    envelope = of_one.dealer_id, of_one.occurred_at, of_one.correlation_id, of_one.traceparent
    assert envelope == (of_two.dealer_id, of_two.occurred_at, of_two.correlation_id, of_two.traceparent)
    assert of_one.correlation_id is not None


async def test_the_same_batch_again_is_all_repeated_and_says_nothing(report, mileages, vehicle_id):
    batch = [reading(10_000 + n, 20 - n, vehicle_id=str(vehicle_id)) for n in range(10)]
    batch.append(reading(500_000, 1, vehicle_id=str(vehicle_id)))
    await report(batch)
    before = await mileages()

    assert await report(batch) == [("repeated", None)] * 11
    assert await mileages() == before


async def test_a_late_reading_becomes_history_and_the_odometer_stays(client, report, mileages, vehicle_id):
    vehicle = {"vehicle_id": str(vehicle_id)}
    await report([reading(10_000, 20, **vehicle), reading(12_000, 10, **vehicle)])

    late = [reading(11_000, 15, **vehicle), reading(9_000, 15, **vehicle), reading(12_001, 15, **vehicle)]

    assert await report(late) == [("accepted", None), ("quarantined", "goes_back"), ("quarantined", "goes_back")]
    assert await mileages() == [10_000, 12_000]
    assert (await client.get(f"/v1/vehicles/{vehicle_id}")).json()["odometer_km"] == 12_000


async def test_each_reason_is_named(report, register, add_vehicle):
    bought = (NOW - timedelta(days=100)).date().isoformat()
    vehicle_id = await add_vehicle(await register(), purchased_on=bought, odometer_km=1_000)
    vehicle = {"vehicle_id": str(vehicle_id)}

    results = await report(
        [
            reading(5_000, 10, **vehicle),
            reading(999, 50, **vehicle),
            reading(6_000, 102, **vehicle),
            reading(5_100, -1, **vehicle),
            reading(8_000, 9.9, **vehicle),
        ]
    )

    assert results == [
        ("accepted", None),
        ("quarantined", "goes_back"),
        ("quarantined", "before_purchase"),
        ("quarantined", "in_the_future"),
        ("quarantined", "implausible_distance"),
    ]


async def test_a_bad_item_has_its_problem_and_the_rest_is_taken(client, vehicle_id, vin, mileages):
    good = reading(10_000, 3, vin=vin().lower())
    bad: list[Any] = [
        reading(10_000, 3, vin=vin(), vehicle_id=str(vehicle_id)),
        reading(10_000, 3),
        reading(-5, 3, vin=vin()),
        reading(10_000, 3, vin=vin(), source="crystal_ball"),
        reading(10_000, 3, vin=vin(), read_at="yesterday"),
        reading(10_000, 3, vin=vin(), colour="red"),
        "what?",
        None,
        reading(10_000, 3, vin=vin(99)),
        reading(10_000, 3, vehicle_id="0199d3a0-0000-7000-8000-00000000ffff"),
    ]

    response = await client.post("/v1/odometer-readings/batch", json=[*bad, good])

    assert response.status_code == 200
    results = response.json()["results"]
    assert [result["status"] for result in results] == ["rejected"] * len(bad) + ["accepted"]
    problems = [(r["problem"]["status"], r["problem"]["type"].rpartition("/")[2]) for r in results[:-1]]
    assert problems == [(422, "invalid-input")] * 8 + [(404, "vehicle-not-found")] * 2
    assert results[2]["problem"]["errors"][0]["pointer"] == "/km"
    assert await mileages() == [10_000]


@pytest.mark.parametrize("body", [[], {}, {"readings": []}, [{}] * 1001])
async def test_what_is_not_a_list_of_one_to_a_thousand_is_refused(client, body):
    assert (await client.post("/v1/odometer-readings/batch", json=body)).status_code == 422


async def test_another_dealers_vehicle_is_unknown(client_as, vehicle_id, vin):
    stranger = client_as(Role.PARTNER, dealer_id=OTHER_DEALER, scopes=["telematics:write"])
    batch = [reading(10_000, 3, vin=vin()), reading(10_000, 3, vehicle_id=str(vehicle_id))]

    response = await stranger.post("/v1/odometer-readings/batch", json=batch)

    assert [result["problem"]["status"] for result in response.json()["results"]] == [404, 404]


async def test_telematics_partners_may_report_and_read_nothing(client_as, report, vehicle_id):
    partner = client_as(Role.PARTNER, scopes=["telematics:write"])

    assert await report([reading(10_000, 3, vehicle_id=str(vehicle_id))], by=partner) == [("accepted", None)]
    assert (await partner.get(f"/v1/vehicles/{vehicle_id}/odometer-readings")).status_code == 403
    assert (await client_as(Role.AUDITOR).post("/v1/odometer-readings/batch", json=[])).status_code == 403


async def test_batches_of_many_vehicles_at_once_count_each_reading_once(
    client, register, add_vehicle, mileages, report
):
    customer_id = await register()
    vehicles = [str(await add_vehicle(customer_id, number)) for number in range(1, 6)]
    batches = [
        [reading(10_000 + 10 * n, 10 - n, vehicle_id=vehicle) for vehicle in vehicles[shift:] + vehicles[:shift]]
        for n in range(4)
        for shift in (0, 2)
    ]

    results = await asyncio.gather(*(report(batch) for batch in batches))

    statuses = [status for result in results for status, _ in result]
    assert (statuses.count("accepted"), statuses.count("repeated")) == (20, 20)
    for vehicle in vehicles:
        assert (await client.get(f"/v1/vehicles/{vehicle}")).json()["odometer_km"] == 10_030


async def test_readings_are_shown_newest_first_with_their_verdicts(client, report, vehicle_id):
    vehicle = {"vehicle_id": str(vehicle_id)}
    await report([reading(10_000 + n, 20 - n, **vehicle) for n in range(5)] + [reading(3, 18.5, **vehicle)])
    route = f"/v1/vehicles/{vehicle_id}/odometer-readings"

    first = (await client.get(route, params={"limit": 4})).json()
    rest = (await client.get(route, params={"limit": 4, "cursor": first["next_cursor"]})).json()
    quarantined = (await client.get(route, params={"status": "quarantined"})).json()["items"]

    shown = [(item["km"], item["status"], item["reason"]) for item in first["items"] + rest["items"]]
    assert shown == [
        (10_004, "accepted", None),
        (10_003, "accepted", None),
        (10_002, "accepted", None),
        (3, "quarantined", "goes_back"),
        (10_001, "accepted", None),
        (10_000, "accepted", None),
    ]
    assert rest["next_cursor"] is None
    assert [item["km"] for item in quarantined] == [3]
    assert (await client.get(route, params={"cursor": "WyJhIl0"})).status_code == 400


async def test_a_trade_in_candidate_is_found_once_when_the_odometer_passes_the_mark(
    report, register, add_vehicle, published
):
    bought = (NOW - timedelta(days=1_200)).date().isoformat()
    vehicle_id = await add_vehicle(await register(), purchased_on=bought)
    vehicle = {"vehicle_id": str(vehicle_id)}

    for number, km in enumerate([49_990, 50_000, 50_010]):
        await report([reading(km, 5 - number, **vehicle)])

    (found,) = [event for event in await published() if isinstance(event, TradeInCandidateFound)]
    assert (found.vehicle_id, found.odometer_km) == (vehicle_id, 50_000)
