"""The asyncpg connection underneath SQLAlchemy's, for statements that carry every event and for LISTEN."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

DATABASE_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, OSError, TimeoutError)
"""What a statement may raise here, also while the server is away."""


@asynccontextmanager
async def driver(engine: AsyncEngine) -> AsyncIterator[Any]:
    """Borrow a connection outside any transaction; one that failed does not go back to the pool."""
    async with engine.connect() as connection:
        try:
            yield (await connection.get_raw_connection()).driver_connection
        except BaseException:
            await connection.invalidate()
            raise
