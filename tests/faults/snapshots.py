"""A transaction that somebody forgot: its snapshot holds back vacuum and every horizon for as long as the run lasts."""

import asyncio
from contextlib import suppress

import asyncpg

from faults.cluster import Cluster

AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def hold_snapshot(cluster: Cluster, package: str) -> None:
    """Hold a snapshot of the package's database until cancelled; a new one when the database has crashed."""
    while True:
        with suppress(*AWAY):
            await _hold_one(cluster, package)
        await asyncio.sleep(0.5)


async def _hold_one(cluster: Cluster, package: str) -> None:
    connection = await cluster.connect(package)
    gone = asyncio.Event()
    connection.add_termination_listener(lambda _: gone.set())
    try:
        async with connection.transaction(isolation="repeatable_read"):
            await connection.execute("SELECT count(*) FROM outbox")
            await gone.wait()
    finally:
        connection.terminate()
