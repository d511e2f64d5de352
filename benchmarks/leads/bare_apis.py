"""The yardsticks: FastAPI and pydantic, and two inserts in one transaction, into the tables that lead-service has.

Nothing is authenticated, looked up, decided or traced. By asyncpg, and through SQLAlchemy's ORM:

`python -m benchmarks.leads.bare_apis asyncpg|orm <database url> <port>`
"""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zlib import crc32

import asyncpg
import uvicorn
from baoke_events.ids import uuid7
from fastapi import FastAPI
from lead_service.db.tables import Base, LeadRow
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d1")

Values = dict[str, Any]
Insert = Callable[[Values, Values], Awaitable[None]]


class SourceIn(BaseModel):
    """Where the lead comes from."""

    channel: str
    source_id: str
    campaign: str | None = None


class ContactIn(BaseModel):
    """How to reach the person."""

    name: str = Field(max_length=100)
    phone: str = Field(pattern=r"^\d{11}$")


class InterestIn(BaseModel):
    """The car that is asked for."""

    make: str = Field(max_length=100)
    model: str = Field(max_length=100)
    budget_cents: int | None = Field(default=None, ge=0)


class LeadIn(BaseModel):
    """A lead as its sender knows it."""

    source: SourceIn
    contact: ContactIn
    interest: InterestIn
    store_id: UUID


class LeadOut(BaseModel):
    """The lead that was made."""

    lead_id: UUID
    stage: str
    next_contact_at: datetime


class OutboxRow(Base):
    """The outbox, as the ORM wants it."""

    __table__ = Base.metadata.tables["outbox"]


def lead_row(body: LeadIn) -> Values:
    """The columns of a new lead that are not null."""
    now = datetime.now(UTC)
    return {
        "dealer_id": DEALER,
        "id": uuid7(),
        "store_id": body.store_id,
        **body.source.model_dump(),
        "source_system": body.source.channel,
        **body.interest.model_dump(),
        "name": body.contact.name,
        "phone": f"+86{body.contact.phone}",
        "phone_is_relay": False,
        "locale": "zh-CN",
        "time_zone": "Asia/Shanghai",
        "consents": [],
        "grade": "b",
        "stage": "new",
        "touches": 1,
        "follow_up_missed": False,
        "captured_at": now,
        "next_contact_at": now + timedelta(days=3),
    }


def outbox_row(lead: Values, body: LeadIn) -> Values:
    """The columns of the row that somebody would send."""
    event_id, key = uuid7(), str(lead["id"])
    return {
        "slot": crc32(key.encode()) % 64,
        "topic": "baoke.leads",
        "key": key,
        "sequence": 1,
        "event_id": event_id,
        "headers": {"ce_id": str(event_id), "ce_type": "baoke.lead.captured.v1", "ce_subject": key},
        "payload": body.model_dump_json().encode(),
    }


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Pool]:
    """A pool of twenty that knows JSON."""

    async def know_json(connection: asyncpg.Connection) -> None:
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)

    async with asyncpg.create_pool(url.replace("+asyncpg", ""), min_size=20, max_size=20, init=know_json) as pool:
        yield pool


@asynccontextmanager
async def by_asyncpg(url: str) -> AsyncIterator[Insert]:
    """The driver's own way to insert."""
    async with connected(url) as pool:

        async def insert(lead: Values, event: Values) -> None:
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute(insert_sql("lead", lead), *lead.values())
                await connection.execute(insert_sql("outbox", event), *event.values())

        yield insert


@asynccontextmanager
async def by_orm(url: str) -> AsyncIterator[Insert]:
    """A pool of twenty; two objects added to a session."""
    engine = create_async_engine(url, pool_size=20)

    async def insert(lead: Values, event: Values) -> None:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            session.add(LeadRow(**lead))
            session.add(OutboxRow(**event))
            await session.commit()

    yield insert
    await engine.dispose()


def insert_sql(table: str, values: Mapping[str, Any]) -> str:
    """The statement that inserts these columns."""
    places = ", ".join(f"${place}" for place, _ in enumerate(values, 1))
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"


def build(kind: str, url: str) -> FastAPI:
    """The api of that kind."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with {"asyncpg": by_asyncpg, "orm": by_orm}[kind](url) as app.state.insert:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/leads", status_code=201)
    async def capture_lead(body: LeadIn) -> LeadOut:
        """Store the lead, and a row that somebody could send."""
        lead = lead_row(body)
        await app.state.insert(lead, outbox_row(lead, body))
        return LeadOut(lead_id=lead["id"], stage=lead["stage"], next_contact_at=lead["next_contact_at"])

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        """Answer once there is a pool."""
        return {"status": "ready"}

    return app


if __name__ == "__main__":
    uvicorn.run(build(*sys.argv[1:3]), port=int(sys.argv[3]), log_level="warning", access_log=False)
