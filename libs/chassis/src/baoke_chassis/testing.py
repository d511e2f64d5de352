"""A pytest plugin: any service on a real, migrated PostgreSQL, its HTTP interface, and its events.

A service's `tests/conftest.py` names the service; the rest is here.

    @pytest.fixture(scope="session")
    def service() -> Service:
        return compose(Settings(database_url="unused"))
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx
import pytest
from baoke_events.envelope import Record, decode, encode
from baoke_events.event import Event
from baoke_local.kafka import LocalKafka
from baoke_local.kafka_jars import kafka_available
from baoke_local.postgres import EmbeddedPostgres
from baoke_local.topics import ensure_topics, read_topics
from fastapi import FastAPI
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Row, Table, text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_chassis import migrations
from baoke_chassis.access import Role, Tokens
from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.http import build_api
from baoke_chassis.jwks import Keys
from baoke_chassis.local_issuer import AUDIENCE, ISSUER, LocalIssuer
from baoke_chassis.promises.answers import WatchedApi
from baoke_chassis.promises.events import PublishedEvents
from baoke_chassis.service import Service
from baoke_chassis.worker import consumer_of

pytest_plugins = ["baoke_chassis.promises.plugin", "baoke_chassis.testing_telemetry"]

# A shared machine is slow at times; no test asserts a time.
hypothesis_settings.register_profile("baoke", deadline=None)
hypothesis_settings.load_profile("baoke")

DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d1")
OTHER_DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d2")


class ClientAs(Protocol):
    """Makes HTTP clients with a token of a role."""

    def __call__(
        self,
        *roles: Role | str,
        dealer_id: UUID = DEALER,
        subject: str | None = None,
        stores: Sequence[UUID] | None = None,
        scopes: Sequence[str] = (),
    ) -> httpx.AsyncClient:
        """A client of the service under test."""


class Databases:
    """One migrated database per service, made when first asked for, emptied before each test."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._open: dict[str, Database] = {}

    async def of(self, service: Service, *, create_tables: Sequence[Table] = ()) -> Database:
        """The service's database, empty. `create_tables` is for services that have no migrations."""
        if service.name not in self._open:
            self._server.create_database(service.package)
            database = Database(self._server.url(service.package), service=service.name)
            await migrations.upgrade(service, database.engine)
            async with database.engine.begin() as connection:
                await connection.run_sync(service.metadata.create_all, tables=create_tables)
            self._open[service.name] = database
        database = self._open[service.name]
        tables = ", ".join(f'"{name}"' for name in service.metadata.tables)
        async with database.engine.begin() as connection:
            await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        return database

    async def close(self) -> None:
        """Close all of them."""
        for database in self._open.values():
            await database.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL of this test run, not durable."""
    with EmbeddedPostgres.temporary() as server:
        yield server


@pytest.fixture(scope="session")
async def databases(postgres: EmbeddedPostgres) -> AsyncIterator[Databases]:
    """The services' databases of this run."""
    databases = Databases(postgres)
    yield databases
    await databases.close()


@pytest.fixture(scope="session")
def kafka_server() -> Iterator[LocalKafka | None]:
    """A real Kafka of this run's own; None where `KAFKA_BOOTSTRAP_SERVERS` names another.

    Skips the test where there is neither; with `REQUIRE_KAFKA=1` that is a failure.
    """
    if os.environ.get("KAFKA_BOOTSTRAP_SERVERS"):
        yield None
        return
    if reason := kafka_available():
        sentence = f"needs a real Kafka: {reason}"
        pytest.fail(sentence) if os.environ.get("REQUIRE_KAFKA") == "1" else pytest.skip(sentence)
    with LocalKafka.temporary() as server:
        yield server


@pytest.fixture(scope="session")
def kafka(kafka_server: LocalKafka | None) -> str:
    """The address of a real Kafka with our topics."""
    address = kafka_server.bootstrap if kafka_server else os.environ["KAFKA_BOOTSTRAP_SERVERS"]
    # In a thread, for the tests' own event loop is running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ensure_topics(address, read_topics())).result()
    return address


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    """Signs this run's tokens."""
    return LocalIssuer(Path(tmp_path_factory.mktemp("issuer")))


@pytest.fixture
async def database(
    service: Service, databases: Databases, published_events: PublishedEvents
) -> AsyncIterator[Database]:
    """The service's database, empty; what the test makes it publish holds to the stored schemas."""
    database = await databases.of(service)
    yield database
    wrong = [published_events.judge(row.headers, row.payload) for row in await _outbox(database)]
    if any(wrong):
        pytest.fail("\n".join(filter(None, wrong)))


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A transaction of the test's own; commit it to let others see."""
    async with AsyncSession(database.engine, expire_on_commit=False) as session:
        session.info["baoke_events.service"] = database.service
        yield session
        await session.rollback()


@pytest.fixture(scope="session")
def apis() -> dict[int, tuple[Service, FastAPI]]:
    """The services' HTTP interfaces by their services' identity: to build one takes longer than most tests."""
    return {}


@pytest.fixture
def api(service: Service, database: Database, issuer: LocalIssuer, apis: dict[int, tuple[Service, FastAPI]]) -> FastAPI:
    """The service's HTTP interface."""
    if id(service) not in apis:
        app = build_api(service, database)
        app.state.tokens = Tokens(Keys(file=issuer.jwks_file), ISSUER, AUDIENCE)
        apis[id(service)] = service, app
    return apis[id(service)][1]


@pytest.fixture
async def client_as(watched_api: WatchedApi, issuer: LocalIssuer) -> AsyncIterator[ClientAs]:
    """Makes clients of any role of any dealer."""
    async with AsyncExitStack() as stack:
        opened: list[httpx.AsyncClient] = []

        def make(
            *roles: Role | str,
            dealer_id: UUID = DEALER,
            subject: str | None = None,
            stores: Sequence[UUID] | None = None,
            scopes: Sequence[str] = (),
        ) -> httpx.AsyncClient:
            token = issuer.token(*roles, dealer_id=dealer_id, subject=subject, stores=stores, scopes=scopes)
            client = _client(watched_api, {"Authorization": f"Bearer {token}"})
            opened.append(client)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def client(client_as: ClientAs) -> httpx.AsyncClient:
    """A manager of `DEALER`."""
    return client_as(Role.MANAGER)


@pytest.fixture
async def anonymous(watched_api: WatchedApi) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without a token."""
    async with _client(watched_api, {}) as client:
        yield client


def _client(api: WatchedApi, headers: dict[str, str]) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://baoke.test", headers=headers)


@pytest.fixture
def published(database: Database) -> Callable[[], Awaitable[list[Event]]]:
    """Reads what the service has published so far, in order."""

    async def read() -> list[Event]:
        return [_event(row.headers, row.sequence, row.payload) for row in await _outbox(database)]

    return read


async def _outbox(database: Database) -> Sequence[Row[Any]]:
    """What waits to leave, in order, without what only mirrors a parked event."""
    query = text("SELECT sequence, headers, payload FROM outbox WHERE topic NOT LIKE '%.dlq' ORDER BY id")
    async with database.engine.connect() as connection:
        return (await connection.execute(query)).all()


def _event(headers: dict[str, str], sequence: int, payload: bytes) -> Event:
    event = decode([(name, value.encode()) for name, value in headers.items()], payload)
    if event is None:
        pytest.fail(f"{headers['ce_type']} is not in the catalogue")
    return event.model_copy(update={"sequence": sequence})


@pytest.fixture
def deliver(service: Service, database: Database) -> Callable[..., Awaitable[None]]:
    """Hands events to the service as its transport would: as one batch, in one transaction.

    Fails the test where a handler refused an event.
    """
    consumer = consumer_of(service, database)

    async def hand_over(*events: Event) -> None:
        await consumer.process([record_of(event) for event in events])
        async with database.engine.connect() as connection:
            errors = (await connection.scalars(text("SELECT error FROM parked_event"))).all()
        if errors:
            pytest.fail(f"parked: {errors}")

    return hand_over


def record_of(event: Event) -> Record:
    """The event as its publisher would send it."""
    return encode(event, service=event.publishers[0])


@pytest.fixture
def run_job(service: Service, database: Database) -> Callable[..., Awaitable[int]]:
    """Runs one of the service's jobs, by name, until nothing is due; returns how much it handled."""

    async def run(name: str, *, now: datetime | None = None) -> int:
        job = next(job for job in service.jobs if job.name == name)
        total = 0
        while handled := await job.run(database, now=now or utc_now()):
            total += handled
        return total

    return run


@pytest.fixture
def check_migrations(service: Service, database: Database) -> Callable[[], Awaitable[None]]:
    """Proves that the migrations build what the tables declare."""

    async def check() -> None:
        await migrations.check(service, database.engine)

    return check
