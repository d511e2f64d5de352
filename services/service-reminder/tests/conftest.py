"""service-reminder as its tests see it: what it hears, and what vehicles it knows."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_chassis.service import Service
from baoke_chassis.testing import DEALER
from baoke_events import MileageUpdated, VehicleRegistered
from baoke_events.event import Event
from baoke_events.ids import uuid7
from service_reminder.app import service as compose
from service_reminder.domain.reminders import SETTLES_IN
from service_reminder.settings import Settings

CUSTOMER = UUID("0199d3a0-0000-7000-8000-0000000000c1")
STORE = UUID("0199d3a0-0000-7000-8000-000000000051")


@pytest.fixture(scope="session")
def service() -> Service:
    return compose(Settings(database_url="unused"))


@pytest.fixture
def store_id() -> UUID:
    return STORE


@pytest.fixture
def deliver(
    deliver: Callable[..., Awaitable[None]], run_job: Callable[..., Awaitable[int]]
) -> Callable[..., Awaitable[None]]:
    """Hands events over and lets the burst settle."""

    async def hand_over(*events: Event) -> None:
        await deliver(*events)
        await run_job("remind_due_vehicles", now=datetime.now(UTC) + SETTLES_IN)

    return hand_over


@pytest.fixture
def registered() -> Callable[..., VehicleRegistered]:
    """Makes registrations: a petrol car bought two years and four months ago, unless told otherwise."""

    def make(vehicle_id: UUID | None = None, **changes: Any) -> VehicleRegistered:
        now = datetime.now(UTC)
        fields: dict[str, Any] = {
            "dealer_id": DEALER,
            "occurred_at": now,
            "vehicle_id": vehicle_id or uuid7(),
            "customer_id": CUSTOMER,
            "store_id": STORE,
            "vin": "LSVAA4187E2184847",
            "make": "Volkswagen",
            "model": "Lavida",
            "powertrain": "petrol",
            "purchased_on": (now - timedelta(days=860)).date(),
            **changes,
        }
        return VehicleRegistered(**fields)

    return make


@pytest.fixture
def driven() -> Callable[..., list[MileageUpdated]]:
    """Makes one reading a day, oldest first, that ends with `km` at `until`."""

    def make(
        vehicle_id: UUID, *, km: int, km_per_day: int = 50, days: int = 30, until: datetime | None = None
    ) -> list[MileageUpdated]:
        last = until or datetime.now(UTC)
        return [
            MileageUpdated(
                dealer_id=DEALER,
                occurred_at=last - timedelta(days=back),
                vehicle_id=vehicle_id,
                customer_id=CUSTOMER,
                store_id=STORE,
                km=km - back * km_per_day,
                read_at=last - timedelta(days=back),
                reading_source="telematics",
            )
            for back in range(days, -1, -1)
        ]

    return make


@pytest.fixture
def events_of(published: Callable[[], Awaitable[Sequence[Any]]]) -> Callable[..., Awaitable[list[Any]]]:
    """Reads the published events of one type."""

    async def read(kind: type) -> list[Any]:
        return [event for event in await published() if isinstance(event, kind)]

    return read


@pytest.fixture
def maintenance(client: httpx.AsyncClient) -> Callable[..., Awaitable[dict[str, dict[str, Any]]]]:
    """Reads a vehicle's maintenance items by code."""

    async def read(vehicle_id: UUID) -> dict[str, dict[str, Any]]:
        response = await client.get(f"/v1/vehicles/{vehicle_id}/maintenance")
        assert response.status_code == 200, response.text
        return {item["code"]: item for item in response.json()["items"]}

    return read


@pytest.fixture
def today() -> date:
    """Today where the dealer is."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


@pytest.fixture
async def any_hour(client: httpx.AsyncClient) -> None:
    """The default policy reminds from nine in the morning; a test may run at any hour."""
    response = await client.put("/v1/policy", json={"steps": {"from_hour": 0}})
    assert response.status_code == 200, response.text
