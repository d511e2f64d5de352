"""The service under test, and short ways to say what happened before a test begins."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_chassis.service import Service
from baoke_chassis.testing import DEALER
from baoke_events import Consent, ContactChanged, LeadWon, LeadWonCancelled
from baoke_events.ids import uuid7
from customer_service.app import service as compose
from customer_service.domain.vin import check_digit
from customer_service.settings import Settings

STORE = UUID("0199d3a0-0000-7000-8000-00000000a001")
PHONE = "+8613800138000"

Register = Callable[..., Awaitable[UUID]]
MakeVin = Callable[..., str]


@pytest.fixture(scope="session")
def service() -> Service:
    """customer-service with default settings."""
    return compose(Settings(database_url="unused"))


@pytest.fixture
def store() -> UUID:
    """A store of the dealer."""
    return STORE


@pytest.fixture
def phone() -> str:
    """A phone number in E.164."""
    return PHONE


@pytest.fixture
def vin() -> MakeVin:
    """Makes VINs with the right check digit."""

    def make(number: int = 1) -> str:
        bare = f"LSVAU2180N2{number:06d}"
        return bare[:8] + check_digit(bare) + bare[9:]

    return make


@pytest.fixture
def person(store: UUID) -> Callable[..., dict[str, Any]]:
    """Makes bodies for `POST /v1/customers`."""

    def make(**fields: Any) -> dict[str, Any]:
        return {"name": "李娜", "phone": "138 0013 8000", "store_id": str(store), **fields}

    return make


@pytest.fixture
def car(vin: MakeVin) -> Callable[..., dict[str, Any]]:
    """Makes bodies for `POST /v1/customers/{id}/vehicles`."""

    def make(number: int = 1, **fields: Any) -> dict[str, Any]:
        bought = (datetime.now(UTC) - timedelta(days=400)).date()
        described = {"make": "大众", "model": "帕萨特", "powertrain": "petrol", "purchased_on": bought.isoformat()}
        return {"vin": vin(number), **described, **fields}

    return make


@pytest.fixture
def register(client: httpx.AsyncClient, person: Callable[..., dict[str, Any]]) -> Register:
    """Registers a customer and returns its id."""

    async def register_one(**fields: Any) -> UUID:
        response = await client.post("/v1/customers", json=person(**fields))
        assert response.status_code == 201, response.text
        return UUID(response.json()["customer_id"])

    return register_one


@pytest.fixture
def add_vehicle(client: httpx.AsyncClient, car: Callable[..., dict[str, Any]]) -> Register:
    """Registers a vehicle of a customer and returns its id."""

    async def add_one(customer_id: UUID, number: int = 1, **fields: Any) -> UUID:
        response = await client.post(f"/v1/customers/{customer_id}/vehicles", json=car(number, **fields))
        assert response.status_code == 201, response.text
        return UUID(response.json()["vehicle_id"])

    return add_one


@pytest.fixture
def lead_won(store: UUID, vin: MakeVin) -> Callable[..., LeadWon]:
    """Makes `LeadWon` events."""

    def make(lead_id: UUID, number: int = 1, **fields: Any) -> LeadWon:
        sold_at = datetime(2026, 3, 1, 17, tzinfo=UTC)
        sale = {"store_id": store, "vin": vin(number), "make": "大众", "model": "帕萨特", "price_cents": 20_000_000}
        defaults = {"dealer_id": DEALER, "occurred_at": sold_at, "sold_at": sold_at, "channel": "website", **sale}
        return LeadWon(lead_id=lead_id, **{**defaults, **fields})

    return make


@pytest.fixture
def lead_won_cancelled(store: UUID, vin: MakeVin) -> Callable[..., LeadWonCancelled]:
    """Makes `LeadWonCancelled` events."""

    def make(lead_id: UUID, number: int = 1, **fields: Any) -> LeadWonCancelled:
        undone_at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        sale = {"store_id": store, "vin": vin(number), "make": "大众", "model": "帕萨特", "price_cents": 20_000_000}
        why = {"sale": 1, "won_event_id": uuid7(), "reason": "finance_refused", "stage": "negotiating"}
        defaults = {"dealer_id": DEALER, "occurred_at": undone_at, "sold_at": undone_at, "channel": "website"}
        return LeadWonCancelled(lead_id=lead_id, **{**defaults, **sale, **why, **fields})

    return make


@pytest.fixture
def lead_contact(phone: str) -> Callable[..., ContactChanged]:
    """Makes the contact events of leads."""

    def make(lead_id: UUID, **fields: Any) -> ContactChanged:
        defaults = {
            "dealer_id": DEALER,
            "occurred_at": datetime(2026, 1, 5, tzinfo=UTC),
            "sequence": 1,
            "party_kind": "lead",
            "name": "王伟",
            "phone": phone,
            "consents": (Consent(purpose="marketing", channel="sms", granted=True),),
        }
        return ContactChanged(party_id=lead_id, **{**defaults, **fields})

    return make


@pytest.fixture
def new_id() -> Callable[[], UUID]:
    """Makes ids."""
    return uuid7
