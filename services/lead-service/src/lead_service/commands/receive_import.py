"""Taking in a file of leads; its rows wait for their turn."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_imports as db_imports
from lead_service.db.lead_imports import PART_BYTES
from lead_service.domain.errors import StoreNotNamed
from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import ImportCounts, ImportDefaults, ImportFile, ImportState, LeadImport
from lead_service.domain.policy import LeadPolicy
from lead_service.lead_tables.columns import import_columns, layout_of
from lead_service.tabular import Incoming, Layout


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
    policy = (await policy_of(session, {command.dealer_id}, LeadPolicy))[command.dealer_id]
    import_id, incoming = uuid7(), Incoming()
    head, size = await _keep(session, command.dealer_id, import_id, _to_keep(incoming, pieces))
    layout = layout_of(head, incoming.encoding, policy.imports.column_names, is_last=size == len(head))
    _require_store(layout, command.defaults, policy)
    columns = import_columns(layout)
    file = ImportFile(command.file_name, incoming.digest, incoming.encoding, layout.delimiter, columns, size)
    import_ = LeadImport(
        dealer_id=command.dealer_id,
        id=import_id,
        state=ImportState.WAITING,
        file=file,
        defaults=command.defaults,
        position=layout.position,
        row_number=layout.row_number,
        counts=ImportCounts(),
        correlation_id=command.correlation_id,
        sent_at=now,
        turn_at=now,
    )
    await db_imports.add(session, import_)
    return import_


async def _to_keep(incoming: Incoming, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async for piece in pieces:
        yield incoming.take(piece)
    yield incoming.end()


async def _keep(
    session: AsyncSession, dealer_id: UUID, import_id: UUID, pieces: AsyncIterator[bytes]
) -> tuple[bytes, int]:
    """Store the file part by part; its first part, and its size."""
    head, held, number, size = b"", bytearray(), 0, 0

    async def store(part: bytes) -> None:
        nonlocal head, number
        head = head or part
        await db_imports.add_part(session, dealer_id, import_id, number, part)
        number += 1

    async for piece in pieces:
        held += piece
        size += len(piece)
        while len(held) >= PART_BYTES:
            await store(bytes(held[:PART_BYTES]))
            del held[:PART_BYTES]
    if held:
        await store(bytes(held))
    return head, size


def _require_store(layout: Layout, defaults: ImportDefaults, policy: LeadPolicy) -> None:
    has_column = any(column.field == LeadColumn.STORE for column in layout.columns)
    if not (has_column or defaults.store_id or policy.default_store_id):
        raise StoreNotNamed(None)
