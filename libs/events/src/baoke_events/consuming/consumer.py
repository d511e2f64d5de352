"""One batch of a partition, one database transaction, each event's effect once."""

import logging
import socket
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from time import monotonic
from uuid import UUID

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.consuming import inbox, parking
from baoke_events.consuming.subscriptions import Subscriptions
from baoke_events.envelope import NotACloudEvent, Record, attribute, decode
from baoke_events.event import Event
from baoke_events.origin import answering
from baoke_events.telemetry import batch_done, batch_failed, mark_parked, processing, replaying, watch_sequences

log = logging.getLogger(__name__)

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction that commits at the end of its block."""

_TRANSIENT_SQLSTATES = ("08", "25P03", "40", "53", "55P03", "57014", "57P")
"""Connection lost, idle too long, deadlock or serialization, out of resources, lock not available, timed out, server
shut down."""

_AWAY = (ConnectionError, TimeoutError, socket.gaierror, FileNotFoundError, PoolTimeout)
"""What connecting raises while the server is away; a missing file is its Unix socket. The driver's own errors come from
SQLAlchemy's preparation of a new connection, which it does not translate."""


_CHECK_NOW = text("SET CONSTRAINTS ALL IMMEDIATE")
"""What a commit would refuse must fail inside the savepoint of the event that caused it."""


class Consumer:
    """A service as a reader of topics: its name is the consumer group and the inbox's consumer."""

    def __init__(self, name: str, subscriptions: Subscriptions, begin: Begin) -> None:
        self.name = name
        self.subscriptions = subscriptions
        self._begin = begin

    async def process(self, records: Sequence[Record]) -> None:
        """Apply the records in order and commit. What a handler refuses is parked with its key.

        Raises:
            Exception: only for passing causes (database away, deadlock); nothing was committed,
                and the same records should be handed in again.
        """
        watch_sequences(self.name, records)
        heard = [record for record in records if self._hears(record)]
        if not heard:
            return
        started = monotonic()
        try:
            applied, repeated = await self._apply_all(heard)
            parked = 0
        except Exception as error:
            if is_transient(error):
                batch_failed(self.name)
                raise
            log.info("%s takes a batch of %d one by one: %s", self.name, len(heard), type(error).__name__)
            applied, repeated, parked = await self._apply_one_by_one(heard)
        batch_done(self.name, applied, repeated=repeated, parked=parked, duration_s=monotonic() - started)

    async def replay(self, *, topic: str | None = None, key: str | None = None) -> tuple[int, int]:
        """Apply parked events again, key by key in order. Returns (healed, still parked) events."""
        healed = left = 0
        async with self._begin() as session:
            waiting = await parking.keys_waiting(session, self.name, topic=topic, key=key)
        for of_topic, of_key in waiting:
            done, failed = await self._replay_key(of_topic, of_key)
            healed, left = healed + done, left + failed
        return healed, left

    def _hears(self, record: Record) -> bool:
        if record.value is None:
            return False
        type_ = attribute(record.headers, "type")
        return type_ is None or type_ in self.subscriptions.types

    async def _apply_all(self, records: Sequence[Record]) -> tuple[list[Event], int]:
        """The fast path. Any failure rolls the whole batch back."""
        async with self._begin() as session:
            events = [typed(record) for record in records]
            new = await inbox.remember(session, self.name, [event.id for event in events])
            if await parking.parked_keys(session, self.name, records):
                raise _BehindParkedKey
            fresh = _first_of_each(events, new)
            await self._handle(session, fresh)
        return fresh, len(events) - len(fresh)

    async def _apply_one_by_one(self, records: Sequence[Record]) -> tuple[list[Event], int, int]:
        """The slow path, in one transaction: whoever fails is parked, whoever comes behind it too."""
        applied: list[Event] = []
        repeated = parked = 0
        async with self._begin() as session:
            # Only after the inbox has waited for another owner of the same events is it known what that one parked.
            new = await inbox.remember(session, self.name, [parking.event_id_of(record) for record in records])
            blocked = await parking.lock_parked_keys(session, self.name, records)
            for record in records:
                if parking.event_id_of(record) not in new:
                    repeated += 1
                    continue
                new.discard(parking.event_id_of(record))
                error = "behind a parked event" if (record.topic, record.key) in blocked else None
                error = error or await self._try(session, record, applied)
                if error:
                    blocked.add((record.topic, record.key))
                    await parking.park(session, self.name, record, error)
                    mark_parked(self.name, record, error.partition(":")[0])
                    parked += 1
        return applied, repeated, parked

    async def _try(self, session: AsyncSession, record: Record, applied: list[Event]) -> str | None:
        """Apply one record inside a savepoint; the reason why not, if it could not be."""
        try:
            event = typed(record)
            async with session.begin_nested():
                await self._handle(session, [event])
                await session.execute(_CHECK_NOW)
        except Exception as error:
            if is_transient(error):
                raise
            log.warning("%s parks key %s of %s", self.name, record.key, record.topic, exc_info=True)
            return f"{type(error).__name__}: {error}"
        applied.append(event)
        return None

    async def _handle(self, session: AsyncSession, events: Sequence[Event]) -> None:
        if not events:
            return
        with processing(self.name, events) as origins, answering(origins):
            for handler, batch in self.subscriptions.plan(events):
                await handler(session, batch, now=datetime.now(UTC))

    async def _replay_key(self, topic: str, key: str) -> tuple[int, int]:
        """Apply what waits of one key, in order, up to the first that still fails. Returns (healed, left)."""
        async with self._begin() as session:
            waiting = await parking.waiting_of(session, self.name, topic, key)
            healed: list[parking.Parked] = []
            for item in waiting:
                with replaying():
                    error = await self._try(session, item.record, [])
                if error:
                    await parking.park(session, self.name, item.record, error)
                    break
                healed.append(item)
            await parking.unpark(session, healed)
        return len(healed), len(waiting) - len(healed)


class _BehindParkedKey(Exception):
    """The batch holds a key that waits already."""


def typed(record: Record) -> Event:
    """The record's event.

    Raises:
        NotACloudEvent, pydantic.ValidationError: it is none, or its data does not fit.
    """
    event = decode(record.headers, record.value or b"")
    if event is None:
        raise NotACloudEvent(f"type {attribute(record.headers, 'type')} is not in the catalogue")
    return event


def is_transient(error: BaseException) -> bool:
    """Whether trying the same again can help: the database is away, or chose us to break a deadlock."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.orig or error
    if state := getattr(error, "sqlstate", None):
        return str(state).startswith(_TRANSIENT_SQLSTATES)
    return isinstance(error, _AWAY) or type(error) is asyncpg.InterfaceError


def _first_of_each(events: Sequence[Event], new: Collection[UUID]) -> list[Event]:
    """The new events in order, each id once."""
    first = {event.id: event for event in reversed(events) if event.id in new}
    return [event for event in events if first.get(event.id) is event]
