"""A bell that wakes the relays of other processes when something was committed.

It rings by NOTIFY *after* the commit, in a transaction of its own: inside a business transaction NOTIFY takes a lock
that all commits share. Nothing depends on it: a ring that is lost is made good by the next poll of the relay.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from baoke_events.driver import DATABASE_ERRORS, driver
from baoke_events.ids import uuid7

log = logging.getLogger(__name__)

CHANNEL = "baoke_outbox"
_RING = "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)"
"""There is nothing in it to lose: the ring need not wait for the disk."""
PAUSE_S = 0.005
"""Commits within this time ring once."""
CHECK_EVERY_S = 30.0
"""How often a listener makes sure that its connection still lives."""


class Bell:
    """One process's end of it: rings for the others, and hears them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._name = str(uuid7())
        self._rung = asyncio.Event()
        self._interrupted = asyncio.Event()
        self._stopping = asyncio.Event()

    def ring(self) -> None:
        """There is something to send."""
        self._rung.set()

    def stop(self) -> None:
        """`keep_ringing` and `listen` return soon."""
        self._stopping.set()
        self._interrupted.set()
        self._rung.set()

    async def keep_ringing(self) -> None:
        """Pass on what was rung until stopped."""
        while not self._stopping.is_set():
            await self._rung.wait()
            self._rung.clear()
            with suppress(*DATABASE_ERRORS):
                async with driver(self._engine) as connection:
                    await connection.execute(_RING, CHANNEL, self._name)
            await asyncio.sleep(PAUSE_S)

    async def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard` for each ring of another process, until stopped. Survives the loss of the database."""

        def hear(_connection: object, _pid: int, _channel: str, name: str) -> None:
            if name != self._name:
                heard()

        while not self._stopping.is_set():
            try:
                await self._listen_once(hear)
            except DATABASE_ERRORS as error:
                log.info("nobody hears the bell for a while: %s", type(error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), 1)

    async def _listen_once(self, hear: Callable[[object, int, str, str], None]) -> None:
        async with driver(self._engine) as connection:
            connection.add_termination_listener(lambda _: self._interrupted.set())
            await connection.add_listener(CHANNEL, hear)
            while not self._stopping.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._interrupted.wait(), CHECK_EVERY_S)
                self._interrupted.clear()
                await connection.execute("SELECT 1")
            await connection.remove_listener(CHANNEL, hear)
