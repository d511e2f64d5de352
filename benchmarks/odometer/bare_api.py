"""The yardstick: FastAPI, pydantic and asyncpg; two inserts in one transaction, and nothing decided.

`python -m benchmarks.odometer.bare_api <database url> <port>`
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

import asyncpg
import uvicorn
from fastapi import Body, FastAPI
from pydantic import BaseModel, Field

TABLES = """
CREATE TABLE IF NOT EXISTS bare_reading (vehicle text, read_at timestamptz, km int, source text,
    PRIMARY KEY (vehicle, read_at, km, source));
CREATE TABLE IF NOT EXISTS bare_outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid, key text,
    payload text)
"""
_READINGS = """
INSERT INTO bare_reading SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::int[], $4::text[])
ON CONFLICT DO NOTHING
"""
_EVENTS = "INSERT INTO bare_outbox (event_id, key, payload) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[])"


class ReadingIn(BaseModel):
    """What an odometer showed, and when."""

    vin: str | None = None
    vehicle_id: UUID | None = None
    km: Annotated[int, Field(ge=0, le=10_000_000)]
    read_at: datetime
    source: Literal["telematics", "workshop", "owner", "inspection"]


@asynccontextmanager
async def _pool(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(sys.argv[1], min_size=4) as app.state.pool:
        yield


app = FastAPI(lifespan=_pool)


@app.post("/v1/odometer-readings/batch")
async def post_odometer_readings(
    readings: Annotated[list[ReadingIn], Body(min_length=1, max_length=1000)],
) -> dict[str, int]:
    """Store the readings, and a row for each that somebody could send."""
    vehicles = [reading.vin or str(reading.vehicle_id) for reading in readings]
    read_ats, kms = [reading.read_at for reading in readings], [reading.km for reading in readings]
    payloads = [
        json.dumps({"vehicle": vehicle, "km": reading.km, "read_at": reading.read_at.isoformat()})
        for vehicle, reading in zip(vehicles, readings, strict=True)
    ]
    async with app.state.pool.acquire() as connection, connection.transaction():
        await connection.execute(_READINGS, vehicles, read_ats, kms, [reading.source for reading in readings])
        await connection.execute(_EVENTS, [uuid4() for _ in readings], vehicles, payloads)
    return {"accepted": len(readings)}


@app.get("/readyz")
async def readyz() -> dict[str, str]:
    """Answer once there is a pool."""
    return {"status": "ready"}


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[2]), log_level="warning")
