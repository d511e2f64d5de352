from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import httpx
import hypothesis
import pytest
from baoke_chassis.access import Role
from baoke_chassis.database import Database
from baoke_chassis.service import Service
from baoke_chassis.testing import DEALER, ClientAs
from baoke_events.ids import uuid7
from lead_service.app import service as compose
from lead_service.domain.capture import Inquiry, open_lead
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.interest import Interest
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.settings import Settings
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.dialects.postgresql.asyncpg import AsyncAdapt_asyncpg_cursor

hypothesis.settings.register_profile("baoke", deadline=None)
hypothesis.settings.load_profile("baoke")


class Capture(Protocol):
    """Captures a lead over HTTP; keywords replace parts of its body."""

    async def __call__(self, client: httpx.AsyncClient | None = None, **changes: Any) -> UUID: ...


@pytest.fixture(scope="session")
def service() -> Service:
    return compose(Settings(database_url="unused"))


@pytest.fixture
def store_id() -> UUID:
    return UUID("0199d3a0-0000-7000-8000-0000000000a1")


@pytest.fixture
def other_store_id() -> UUID:
    return UUID("0199d3a0-0000-7000-8000-0000000000a2")


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 1, 5, 2, 30, tzinfo=UTC)


@pytest.fixture
def phone_numbers() -> Callable[[], str]:
    """Valid Chinese mobile numbers, each once."""
    numbers = count(13_800_000_000)
    return lambda: str(next(numbers))


@pytest.fixture
def lead_body(store_id: UUID, phone_numbers: Callable[[], str]) -> Callable[..., dict[str, Any]]:
    """A valid body of `POST /v1/leads` with a phone of its own; keywords replace parts of it, dicts field by field."""

    def body(**changes: Any) -> dict[str, Any]:
        whole: dict[str, Any] = {
            "source": {"channel": "dongchedi", "campaign": "spring-sale"},
            "contact": {"name": "李娜", "phone": phone_numbers()},
            "interest": {"make": "BYD", "model": "Seal", "budget_cents": 20_000_000},
            "store_id": str(store_id),
        }
        for name, value in changes.items():
            whole[name] = {**whole.get(name, {}), **value} if isinstance(value, dict) else value
        return whole

    return body


@pytest.fixture
def capture(client: httpx.AsyncClient, lead_body: Callable[..., dict[str, Any]]) -> Capture:
    async def capture_(client_: httpx.AsyncClient | None = None, **changes: Any) -> UUID:
        response = await (client_ or client).post("/v1/leads", json=lead_body(**changes))
        assert response.is_success, response.text
        return UUID(response.json()["lead_id"])

    return capture_


@pytest.fixture
def defeat(client: httpx.AsyncClient, capture: Capture) -> Callable[..., Awaitable[UUID]]:
    """Captures a lead and gives it up for `reason`, to Tesla where that is a competitor; answers its id."""

    async def defeat_(reason: str, competitor: str | None = None, **changes: Any) -> UUID:
        lead_id = await capture(**changes)
        lost_to = competitor or ("Tesla" if reason == "competitor" else None)
        body = {"reason": reason, **({"competitor": lost_to} if lost_to else {})}
        response = await client.post(f"/v1/leads/{lead_id}/defeat", json=body)
        assert response.is_success, response.text
        return lead_id

    return defeat_


@pytest.fixture
def signal(client: httpx.AsyncClient, run_job: Callable[..., Awaitable[int]]) -> Callable[..., Awaitable[str]]:
    """Posts a signal, lets it be matched, and answers its id."""

    async def send(**body: Any) -> str:
        response = await client.post("/v1/market-signals", json=body)
        assert response.status_code == 202, response.text
        await run_job("match-signals")
        signal_id: str = response.json()["signal_id"]
        return signal_id

    return send


@pytest.fixture
def reached(client: httpx.AsyncClient) -> Callable[[str], Awaitable[dict[UUID, Any]]]:
    """The leads that a signal approached or held out, each with its answer."""

    async def read(signal_id: str) -> dict[UUID, Any]:
        items = (await client.get("/v1/reactivations", params={"signal_id": signal_id, "limit": 200})).json()["items"]
        return {UUID(item["lead_id"]): item for item in items}

    return read


@pytest.fixture
def set_policy(client_as: ClientAs) -> Callable[..., Awaitable[None]]:
    """Sets rules of `DEALER`; what is left out is the default."""

    async def set_(**rules: Any) -> None:
        response = await client_as(Role.ADMIN).put("/v1/policy", json=rules)
        assert response.is_success, response.text

    return set_


@pytest.fixture
async def without_hold_out(set_policy: Callable[..., Awaitable[None]]) -> None:
    """Every match is an approach."""
    await set_policy(reactivation={"hold_out_percent": 0})


@pytest.fixture
def statements(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SQL statements that are run on the service's database, as they run."""
    seen: list[str] = []
    ours: set[asyncpg.Connection] = set()
    execute, fetch = AsyncAdapt_asyncpg_cursor.execute, asyncpg.Connection.fetch

    def note(connection: asyncpg.Connection, statement: str) -> None:
        if connection in ours:
            seen.append(statement)

    def checked_out(adapted: Any, _record: Any, _proxy: Any) -> None:
        ours.add(adapted.driver_connection)

    def executed(cursor: AsyncAdapt_asyncpg_cursor, statement: str, parameters: Any = None) -> None:
        note(cursor._connection, statement)
        execute(cursor, statement, parameters)

    def fetched(connection: asyncpg.Connection, statement: str, *arguments: Any) -> Awaitable[list[asyncpg.Record]]:
        note(connection, statement)
        return fetch(connection, statement, *arguments)

    monkeypatch.setattr(AsyncAdapt_asyncpg_cursor, "execute", executed)
    monkeypatch.setattr(asyncpg.Connection, "fetch", fetched)
    sqlalchemy_event.listen(database.engine.sync_engine, "checkout", checked_out)
    yield seen
    sqlalchemy_event.remove(database.engine.sync_engine, "checkout", checked_out)


@pytest.fixture
def inquiry(store_id: UUID) -> Callable[..., Inquiry]:
    """An inquiry with an id and a lead of its own; keywords replace its fields, `phone` its number."""

    def inquiry_(phone: Phone | None = None, **changes: Any) -> Inquiry:
        fields: dict[str, Any] = {
            "id": uuid7(),
            "lead_id": uuid7(),
            "dealer_id": DEALER,
            "store_id": store_id,
            "source": Source(Channel.WEBSITE, "website"),
            "contact": Contact("李娜", phone or Phone("+8613800138000")),
            "interest": Interest("BYD", "Seal"),
        }
        return Inquiry(**{**fields, **changes})

    return inquiry_


class PutAdvisor(Protocol):
    """Puts an advisor on the roster; keywords replace parts of the entry. Answers a client with their token."""

    async def __call__(self, advisor_id: UUID | None = None, **changes: Any) -> httpx.AsyncClient: ...


@pytest.fixture
def advisor(client: httpx.AsyncClient, client_as: ClientAs, store_id: UUID) -> PutAdvisor:
    async def put(advisor_id: UUID | None = None, **changes: Any) -> httpx.AsyncClient:
        who = advisor_id or uuid7()
        entry = {"advisor_id": str(who), "name": "陈晓", "store_id": str(store_id), **changes}
        response = await client.post("/v1/advisors", json=entry)
        assert response.status_code == 201, response.text
        return client_as(Role.ADVISOR, subject=str(who))

    return put


@pytest.fixture
async def demo_car_id(client: httpx.AsyncClient, store_id: UUID) -> str:
    """A demo car of the store."""
    body = {"store_id": str(store_id), "make": "BYD", "model": "Seal", "plate": "沪AD12345"}
    response = await client.post("/v1/demo-cars", json=body)
    assert response.status_code == 201, response.text
    return str(response.json()["demo_car_id"])


@pytest.fixture
def lead(inquiry: Callable[..., Inquiry], now: datetime) -> Lead:
    """A lead that was just captured, of grade B."""
    return open_lead(inquiry(), LeadPolicy(), at=now)
