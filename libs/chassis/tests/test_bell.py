"""A relay is woken by what another process commits, and nothing depends on it."""

import asyncio

import pytest
from baoke_events.bell import Bell
from sqlalchemy import text


@pytest.fixture
async def bells(database):
    """Two processes' ends of the bell, and what the second hears."""
    ringer, listener = Bell(database.engine), Bell(database.engine)
    heard = asyncio.Queue()
    tasks = [
        asyncio.create_task(ringer.keep_ringing()),
        asyncio.create_task(listener.keep_ringing()),
        asyncio.create_task(listener.listen(lambda: heard.put_nowait("ring"))),
    ]
    await listening(database)
    yield ringer, listener, heard
    ringer.stop()
    listener.stop()
    await asyncio.gather(*tasks)


async def listening(database):
    idle = "query ILIKE 'listen%' AND state = 'idle' AND datname = current_database()"
    query = text(f"SELECT pid FROM pg_stat_activity WHERE {idle}")
    async with database.engine.connect() as connection, asyncio.timeout(60):
        while not (pid := await connection.scalar(query)):
            await connection.rollback()
            await asyncio.sleep(0.02)
    return pid


async def test_the_others_hear_it_and_the_ringer_does_not(bells):
    ringer, listener, heard = bells

    listener.ring()
    ringer.ring()
    async with asyncio.timeout(60):
        await heard.get()

    await asyncio.sleep(0.1)
    assert heard.empty()


async def test_it_is_heard_again_after_the_connection_was_lost(bells, database):
    ringer, _, heard = bells
    async with database.engine.begin() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": await listening(database)})

    async with asyncio.timeout(60):
        while heard.empty():
            ringer.ring()
            await asyncio.sleep(0.2)
