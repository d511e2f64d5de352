"""Webhook sources, and the versions of their mappings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Select, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import IntakeDeliveryRow, IntakeMappingRow, IntakeRejectionRow, IntakeSourceRow
from lead_service.domain.errors import IntakeSourceNotFound
from lead_service.domain.intake import IntakeSource, SealedSecret, Signing
from lead_service.domain.mapping_documents import document_of, mapping_of
from lead_service.domain.source import Channel

_SOURCE: Table = IntakeSourceRow.metadata.tables["intake_source"]
_KEY = ("dealer_id", "id")


async def add(session: AsyncSession, source: IntakeSource) -> None:
    """The source is on record, with its mapping's first version."""
    await session.execute(insert(_SOURCE).values(_row(source)))
    await add_mapping(session, source, by=source.created_by)


async def save(session: AsyncSession, source: IntakeSource) -> None:
    """The source, locked by the caller, is as given."""
    row = {name: value for name, value in _row(source).items() if name not in _KEY}
    await session.execute(update(_SOURCE).where(*_is(source.dealer_id, source.id)).values(row))


async def add_mapping(session: AsyncSession, source: IntakeSource, *, by: str) -> None:
    """The source's mapping is on record as a version of its own."""
    await session.execute(
        insert(IntakeMappingRow).values(
            dealer_id=source.dealer_id,
            source_id=source.id,
            version=source.mapping_version,
            mapping=document_of(source.mapping),
            created_by=by,
            created_at=source.updated_at,
        )
    )


async def remove(session: AsyncSession, source: IntakeSource) -> None:
    """The source is gone, and with it all that was kept of what it sent but the leads."""
    for table in (IntakeRejectionRow, IntakeDeliveryRow, IntakeMappingRow):
        await session.execute(delete(table).where(table.dealer_id == source.dealer_id, table.source_id == source.id))
    await session.execute(delete(_SOURCE).where(*_is(source.dealer_id, source.id)))


async def find(session: AsyncSession, dealer_id: UUID, source_id: UUID, *, lock: bool = False) -> IntakeSource:
    """The source; locked, where asked for.

    Raises:
        IntakeSourceNotFound: the dealer has no such source.
    """
    query = select(_SOURCE).where(*_is(dealer_id, source_id))
    if (source := await _one(session, query.with_for_update() if lock else query)) is None:
        raise IntakeSourceNotFound(source_id)
    return source


async def called(session: AsyncSession, source_id: UUID) -> IntakeSource | None:
    """The source that a webhook's address names, whichever dealer's it is."""
    return await _one(session, select(_SOURCE).where(_SOURCE.c.id == source_id))


async def page(session: AsyncSession, dealer_id: UUID, *, before: UUID | None, limit: int) -> list[IntakeSource]:
    """Up to `limit` of the dealer's sources older than `before`, newest first."""
    query = select(_SOURCE).where(_SOURCE.c.dealer_id == dealer_id)
    if before is not None:
        query = query.where(_SOURCE.c.id < before)
    rows = (await session.execute(query.order_by(_SOURCE.c.id.desc()).limit(limit))).mappings()
    return [_source(row) for row in rows]


async def _one(session: AsyncSession, query: Select[Any]) -> IntakeSource | None:
    row = (await session.execute(query)).mappings().one_or_none()
    return _source(row) if row else None


def _is(dealer_id: UUID, source_id: UUID) -> tuple[Any, Any]:
    return _SOURCE.c.dealer_id == dealer_id, _SOURCE.c.id == source_id


def _row(source: IntakeSource) -> dict[str, Any]:
    row = {name: getattr(source, name) for name in IntakeSource.__slots__}
    return {**row, "mapping": document_of(source.mapping), "secrets": [_secret_row(one) for one in source.secrets]}


def _secret_row(secret: SealedSecret) -> dict[str, Any]:
    until = secret.valid_until
    return {
        "sealed": secret.sealed,
        "made_at": secret.made_at.isoformat(),
        "valid_until": until.isoformat() if until else None,
    }


def _source(row: RowMapping) -> IntakeSource:
    values = {
        **row,
        "channel": Channel(row["channel"]),
        "signing": Signing(row["signing"]),
        "mapping": mapping_of(row["mapping"]),
        "secrets": tuple(_secrets(row["secrets"])),
    }
    return IntakeSource(**values)


def _secrets(rows: Iterable[Mapping[str, Any]]) -> Iterable[SealedSecret]:
    for row in rows:
        until = row["valid_until"]
        yield SealedSecret(
            row["sealed"], datetime.fromisoformat(row["made_at"]), datetime.fromisoformat(until) if until else None
        )
