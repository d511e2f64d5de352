"""Statements that go past SQLAlchemy's own execution behave like those that do not."""

import asyncio

import pytest
from baoke_chassis.database import Database
from baoke_events.consuming.consumer import is_transient
from baoke_events.statements import fetch
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

_ADD = "INSERT INTO stream_head (topic, key, sequence) VALUES ($1, $2, 1) RETURNING key"


async def keys(database: Database):
    async with database.begin() as session:
        return (await session.scalars(text("SELECT key FROM stream_head"))).all()


async def add_twice(session, key):
    async with session.begin_nested():
        await fetch(session, _ADD, "t", key)
        await fetch(session, _ADD, "t", key)


async def test_what_was_fetched_and_what_was_executed_is_one_transaction(database):
    async with database.begin() as session:
        [row] = await fetch(session, _ADD, "t", "fetched")
        await session.execute(text("INSERT INTO stream_head VALUES ('t', 'executed', 1)"))
        await session.rollback()

    assert row["key"] == "fetched"
    assert await keys(database) == []


async def test_a_savepoint_takes_back_what_was_fetched_in_it(database):
    async with database.begin() as session:
        await fetch(session, _ADD, "t", "before")
        with pytest.raises(IntegrityError):
            await add_twice(session, "inside")

    assert await keys(database) == ["before"]


async def test_a_lost_connection_is_a_passing_cause_and_is_not_used_again(database):
    with pytest.raises(DBAPIError) as lost:
        async with database.begin() as session:
            await fetch(session, "SELECT pg_terminate_backend(pg_backend_pid())")

    assert is_transient(lost.value)
    assert await keys(database) == []


async def test_a_statement_that_was_given_up_leaves_no_connection_in_doubt(database):
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), database.begin() as session:
            await fetch(session, "SELECT pg_sleep(5)")

    assert await keys(database) == []


async def test_a_connection_that_died_in_the_pool_is_a_passing_cause_and_is_replaced(service, database, postgres):
    small = Database(postgres.url(service.package), service=service.name, pool_size=1)
    async with small.begin() as session:
        [row] = await fetch(session, "SELECT pg_backend_pid() AS pid")
    async with database.begin() as session:
        await fetch(session, "SELECT pg_terminate_backend($1, 5000)", row["pid"])
    await asyncio.sleep(0.1)

    with pytest.raises(DBAPIError) as lost:
        async with small.begin() as session:
            await fetch(session, "SELECT 1")
    async with small.begin() as session:
        await fetch(session, "SELECT 1")

    assert is_transient(lost.value)
    await small.close()
