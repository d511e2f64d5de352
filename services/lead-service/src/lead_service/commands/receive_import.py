"""Taking in a file of leads; its rows wait for their turn."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_imports as db_imports
from lead_service.db.lead_imports import PART_BYTES
from lead_service.domain.errors import StoreNotNamed
from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import (
    ImportCounts,
    ImportDefaults,
    ImportFile,
    ImportRemarks,
    ImportState,
    LeadImport,
)
from lead_service.domain.policy import LeadPolicy
from lead_service.lead_tables.batches import Batch, read_batch
from lead_service.lead_tables.columns import import_columns, layout_of
from lead_service.tabular import Incoming, Layout

PREVIEWED = 1_000
"""Rows that a preview looks at, as far as they lie in the first part of the file."""


@dataclass(frozen=True, slots=True)
class ReceiveImport:
    """Take a table of leads in, under these defaults."""

    dealer_id: UUID
    file_name: str | None
    defaults: ImportDefaults
    correlation_id: UUID


async def receive_import(
    session: AsyncSession, command: ReceiveImport, pieces: AsyncIterator[bytes], *, now: datetime
) -> LeadImport:
    """The file is kept and its import waits. No more than two parts of the file are held at once.

    Raises:
        TableRefused: the file is no table, or nobody in it could be reached.
        StoreNotNamed: the table has no column for the store, and neither the request nor the policy names one.
    """
    policy = await rules_of(session, command.dealer_id, LeadPolicy)
    import_id, incoming = uuid7(), Incoming()

    async def keep(number: int, part: bytes) -> None:
        await db_imports.add_part(session, command.dealer_id, import_id, number, part)

    head, size = await _in_parts(_to_keep(incoming, pieces), keep)
    import_ = _import_of(command, import_id, policy, incoming, head, size, now)
    await db_imports.add(session, import_)
    return import_


async def preview_import(
    session: AsyncSession, command: ReceiveImport, pieces: AsyncIterator[bytes], *, now: datetime
) -> tuple[LeadImport, Batch]:
    """What `receive_import` would make of the file, and what would become of its first rows. Nothing is kept.

    Raises as `receive_import`.
    """
    policy = await rules_of(session, command.dealer_id, LeadPolicy)
    incoming = Incoming()

    async def drop(number: int, part: bytes) -> None:
        """The first part is all that is looked at."""

    head, size = await _in_parts(_to_keep(incoming, pieces), drop)
    import_ = _import_of(command, uuid7(), policy, incoming, head, size, now)
    piece, is_last = head[import_.position :], size == len(head)
    return import_, read_batch(import_, policy, piece, is_last=is_last, most=PREVIEWED, now=now)


def _import_of(
    command: ReceiveImport,
    import_id: UUID,
    policy: LeadPolicy,
    incoming: Incoming,
    head: bytes,
    size: int,
    now: datetime,
) -> LeadImport:
    """The import of a file that begins with `head`, waiting at its first row."""
    layout = layout_of(head, incoming.encoding, policy.imports.column_names, is_last=size == len(head))
    _require_store(layout, command.defaults, policy)
    columns = import_columns(layout)
    file = ImportFile(command.file_name, incoming.digest, incoming.encoding, layout.delimiter, columns, size)
    return LeadImport(
        dealer_id=command.dealer_id,
        id=import_id,
        state=ImportState.WAITING,
        file=file,
        defaults=command.defaults,
        position=layout.position,
        row_number=layout.row_number,
        counts=ImportCounts(),
        remarks=ImportRemarks(),
        correlation_id=command.correlation_id,
        sent_at=now,
        turn_at=now,
    )


async def _to_keep(incoming: Incoming, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield incoming.take(piece)
    yield incoming.end()


async def _in_parts(pieces: AsyncIterator[bytes], keep: Callable[[int, bytes], Awaitable[None]]) -> tuple[bytes, int]:
    """Hand the file on part by part, numbered from 0; its first part, and its size."""
    head, held, number, size = b"", bytearray(), 0, 0

    async def hand_on(part: bytes) -> None:
        nonlocal head, number
        head = head or part
        await keep(number, part)
        number += 1

    async for piece in pieces:
        held += piece
        size += len(piece)
        while len(held) >= PART_BYTES:
            await hand_on(bytes(held[:PART_BYTES]))
            del held[:PART_BYTES]
    if held:
        await hand_on(bytes(held))
    return head, size


def _require_store(layout: Layout, defaults: ImportDefaults, policy: LeadPolicy) -> None:
    has_column = any(column.field == LeadColumn.STORE for column in layout.columns)
    if not (has_column or defaults.store_id or policy.default_store_id):
        raise StoreNotNamed(None)
