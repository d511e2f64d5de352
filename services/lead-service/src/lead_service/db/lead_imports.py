"""Imports of tables, the pieces of their files, and the rows that were not taken."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import LeadImportPartRow, LeadImportRejectionRow, LeadImportRow
from lead_service.domain.errors import ImportNotFound
from lead_service.domain.lead_import import (
    FlawedRow,
    ImportColumn,
    ImportCounts,
    ImportDefaults,
    ImportFile,
    ImportRemarks,
    ImportState,
    LeadImport,
    RowProblem,
    Words,
)
from lead_service.domain.source import Channel

PART_BYTES = 262_144
"""Size of a part; the last one may be smaller. Twice the longest row, so that two parts always hold a whole one."""

_IMPORT: Table = LeadImportRow.metadata.tables["lead_import"]
_PART: Table = LeadImportPartRow.metadata.tables["lead_import_part"]
_REJECTION: Table = LeadImportRejectionRow.metadata.tables["lead_import_rejection"]
_CHANGING = ("state", "position", "row_number", "failure", "turn_at", "started_at", "finished_at")


async def add(session: AsyncSession, import_: LeadImport) -> None:
    """The import waits for its turn."""
    file, defaults = import_.file, import_.defaults
    await session.execute(
        insert(_IMPORT).values(
            dealer_id=import_.dealer_id,
            id=import_.id,
            file_name=file.name,
            digest=file.digest,
            encoding=file.encoding,
            delimiter=file.delimiter,
            columns=[asdict(column) for column in file.columns],
            bytes_total=file.bytes_total,
            store_id=defaults.store_id,
            channel=defaults.channel,
            campaign=defaults.campaign,
            stores=None if defaults.stores is None else sorted(defaults.stores),
            advisor_id=defaults.advisor_id,
            sent_at=import_.sent_at,
            correlation_id=import_.correlation_id,
            **_changing(import_),
        )
    )


async def save(session: AsyncSession, import_: LeadImport) -> None:
    """How far the import has come is stored; the file of one that is finished is gone."""
    await session.execute(update(_IMPORT).where(*_of(import_.dealer_id, import_.id)).values(**_changing(import_)))
    if import_.finished_at is not None:
        mine = (_PART.c.dealer_id == import_.dealer_id, _PART.c.import_id == import_.id)
        await session.execute(delete(_PART).where(*mine))


async def lock_next_open(session: AsyncSession) -> LeadImport | None:
    """The import, of all dealers, whose turn is the longest ago and that no other worker holds; locked."""
    query = select(_IMPORT).where(_IMPORT.c.finished_at.is_(None)).order_by(_IMPORT.c.turn_at).limit(1)
    row = (await session.execute(query.with_for_update(skip_locked=True))).mappings().one_or_none()
    return _import_of(row) if row else None


async def lock(
    session: AsyncSession, dealer_id: UUID, import_id: UUID, *, stores: Collection[UUID] | None
) -> LeadImport:
    """The import, locked until the caller's commit. Raises as `find`."""
    return await _one(session, select(_IMPORT).with_for_update(), dealer_id, import_id, stores)


async def find(
    session: AsyncSession, dealer_id: UUID, import_id: UUID, *, stores: Collection[UUID] | None
) -> LeadImport:
    """The import.

    Raises:
        ImportNotFound: the dealer has no such import, or not one for these stores only.
    """
    return await _one(session, select(_IMPORT), dealer_id, import_id, stores)


async def page(
    session: AsyncSession, dealer_id: UUID, *, stores: Collection[UUID] | None, before: UUID | None, limit: int
) -> list[LeadImport]:
    """Up to `limit` imports, newest first, that were sent before the import `before`."""
    query = select(_IMPORT).where(_IMPORT.c.dealer_id == dealer_id, *_for(stores))
    if before is not None:
        query = query.where(_IMPORT.c.id < before)
    return [
        _import_of(row) for row in (await session.execute(query.order_by(_IMPORT.c.id.desc()).limit(limit))).mappings()
    ]


async def add_part(session: AsyncSession, dealer_id: UUID, import_id: UUID, number: int, piece: bytes) -> None:
    """The next `PART_BYTES` of the file are kept."""
    await session.execute(insert(_PART).values(dealer_id=dealer_id, import_id=import_id, number=number, bytes=piece))


async def read(session: AsyncSession, import_: LeadImport) -> tuple[bytes, bool]:
    """The file from the import's position on: one to two parts of it, and whether that is all there is."""
    first, within = divmod(import_.position, PART_BYTES)
    query = select(_PART.c.bytes).where(
        _PART.c.dealer_id == import_.dealer_id,
        _PART.c.import_id == import_.id,
        _PART.c.number.in_((first, first + 1)),
    )
    piece = b"".join((await session.scalars(query.order_by(_PART.c.number))).all())[within:]
    return piece, import_.position + len(piece) >= import_.file.bytes_total


async def add_flawed(session: AsyncSession, import_: LeadImport, rows: Sequence[FlawedRow]) -> None:
    """The rows can be fetched, mended and sent again."""
    if rows:
        of_import = {"dealer_id": import_.dealer_id, "import_id": import_.id}
        await session.execute(
            insert(_REJECTION),
            [
                {
                    **of_import,
                    "row_number": row.row_number,
                    "cells": list(row.cells),
                    "problems": [asdict(problem) for problem in row.problems],
                    "is_taken": row.is_taken,
                }
                for row in rows
            ],
        )


async def flawed(session: AsyncSession, import_: LeadImport, *, taken: bool, after: int, limit: int) -> list[FlawedRow]:
    """Up to `limit` rows behind that number in which something is wrong: those taken, or those rejected."""
    query = select(_REJECTION).where(
        _REJECTION.c.dealer_id == import_.dealer_id,
        _REJECTION.c.import_id == import_.id,
        _REJECTION.c.row_number > after,
        _REJECTION.c.is_taken == taken,
    )
    rows = (await session.execute(query.order_by(_REJECTION.c.row_number).limit(limit))).mappings()
    return [
        FlawedRow(row["row_number"], row["cells"], [_problem(each) for each in row["problems"]], row["is_taken"])
        for row in rows
    ]


async def forget(session: AsyncSession, dealer_id: UUID, *, finished_before: datetime, limit: int) -> int:
    """Up to `limit` imports of a dealer that were finished before then are gone, with their flawed rows."""
    old = select(_IMPORT.c.id).where(_IMPORT.c.dealer_id == dealer_id, _IMPORT.c.finished_at < finished_before)
    ids = (await session.scalars(old.limit(limit).with_for_update(skip_locked=True))).all()
    of_dealer = _REJECTION.c.dealer_id == dealer_id
    await session.execute(delete(_REJECTION).where(of_dealer, _REJECTION.c.import_id.in_(ids)))
    await session.execute(delete(_IMPORT).where(_IMPORT.c.dealer_id == dealer_id, _IMPORT.c.id.in_(ids)))
    return len(ids)


async def dealers_with_finished(session: AsyncSession, *, now: datetime) -> Sequence[UUID]:
    """Dealers with an import that was finished a day ago or longer: no import is forgotten sooner."""
    query = select(_IMPORT.c.dealer_id).where(_IMPORT.c.finished_at < now - timedelta(days=1)).distinct()
    return (await session.scalars(query)).all()


def _of(dealer_id: UUID, import_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return _IMPORT.c.dealer_id == dealer_id, _IMPORT.c.id == import_id


def _for(stores: Collection[UUID] | None) -> tuple[ColumnElement[bool], ...]:
    """Imports that may bring leads to these stores only; None admits all."""
    return () if stores is None else (_IMPORT.c.stores.contained_by(sorted(stores)),)


async def _one(
    session: AsyncSession, query: Any, dealer_id: UUID, import_id: UUID, stores: Collection[UUID] | None
) -> LeadImport:
    found = await session.execute(query.where(*_of(dealer_id, import_id), *_for(stores)))
    row = found.mappings().one_or_none()
    if row is None:
        raise ImportNotFound(import_id)
    return _import_of(row)


def _changing(import_: LeadImport) -> dict[str, Any]:
    return (
        {name: getattr(import_, name) for name in _CHANGING}
        | asdict(import_.counts)
        | {"remarks": asdict(import_.remarks)}
    )


def _import_of(row: RowMapping) -> LeadImport:
    return LeadImport(
        dealer_id=row["dealer_id"],
        id=row["id"],
        state=ImportState(row["state"]),
        file=ImportFile(
            row["file_name"],
            row["digest"],
            row["encoding"],
            row["delimiter"],
            [ImportColumn(**column) for column in row["columns"]],
            row["bytes_total"],
        ),
        defaults=ImportDefaults(
            row["store_id"], Channel(row["channel"]), row["campaign"], row["stores"], row["advisor_id"]
        ),
        position=row["position"],
        row_number=row["row_number"],
        counts=ImportCounts(**{each.name: row[each.name] for each in fields(ImportCounts)}),
        remarks=ImportRemarks(**{name: tuple(said) for name, said in row["remarks"].items()}),
        correlation_id=row["correlation_id"],
        sent_at=row["sent_at"],
        turn_at=row["turn_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        failure=row["failure"],
    )


def _problem(said: dict[str, Any]) -> RowProblem:
    return RowProblem(said["column"], Words(**said["words"]))
