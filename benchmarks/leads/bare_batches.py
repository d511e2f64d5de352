"""The yardstick of batches: FastAPI and pydantic, and two `executemany` in one transaction.

Nothing is authenticated, looked up, decided, answered item by item, or traced. The tables are lead-service's.

`python -m benchmarks.leads.bare_batches <database url> <port>`
"""

import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import uvicorn
from fastapi import FastAPI

from benchmarks.leads.bare_apis import LeadIn, connected, insert_sql, lead_row, outbox_row


async def insert_all(connection: asyncpg.Connection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """All rows, which have the same columns."""
    await connection.executemany(insert_sql(table, rows[0]), [tuple(row.values()) for row in rows])


def build(url: str) -> FastAPI:
    """The api."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with connected(url) as app.state.pool:
            yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/v1/leads/batch")
    async def capture_batch(body: list[LeadIn]) -> dict[str, list[UUID]]:
        """Store the leads, and rows that somebody could send."""
        leads = [lead_row(each) for each in body]
        events = [outbox_row(lead, each) for lead, each in zip(leads, body, strict=True)]
        async with app.state.pool.acquire() as connection, connection.transaction():
            await insert_all(connection, "lead", leads)
            await insert_all(connection, "outbox", events)
        return {"lead_ids": [lead["id"] for lead in leads]}

    @app.get("/readyz")
    async def readyz() -> dict[str, str]:
        """Answer once there is a pool."""
        return {"status": "ready"}

    return app


if __name__ == "__main__":
    uvicorn.run(build(sys.argv[1]), port=int(sys.argv[2]), log_level="warning", access_log=False)
