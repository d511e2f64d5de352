"""The database keeps what the rules promise."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession


async def test_migrations_match_the_tables(check_migrations: Callable[[], Awaitable[None]]):
    await check_migrations()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET points = points + 1",
        "UPDATE movement SET points = points + 1",
        "DELETE FROM movement",
        "DELETE FROM ledger_entry",
    ],
)
async def test_the_ledger_takes_no_change(change: str, enrol: Callable[..., Awaitable[UUID]], session: AsyncSession):
    await enrol(100)

    with pytest.raises(DBAPIError, match="append-only"):
        await session.execute(text(change))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE member SET balance = -1",
        "UPDATE award SET remaining = -1",
        "UPDATE award SET remaining = points + 1",
        "UPDATE award SET remaining = 0",
    ],
)
async def test_the_database_refuses_what_no_rule_allows(
    change: str, enrol: Callable[..., Awaitable[UUID]], session: AsyncSession
):
    await enrol(100)

    with pytest.raises(IntegrityError):
        await session.execute(text(change))


async def test_a_movement_cannot_be_one_sided(enrol: Callable[..., Awaitable[UUID]], session: AsyncSession):
    await enrol(100)
    row = "SELECT dealer_id, entry_id, gen_random_uuid(), source, {destination}, {points} FROM movement"

    for destination, points in (("source", "1"), ("NULL", "1"), ("destination", "0"), ("destination", "-5")):
        with pytest.raises(IntegrityError):
            async with session.begin_nested():
                await session.execute(
                    text(f"INSERT INTO movement {row.format(destination=destination, points=points)}")
                )
