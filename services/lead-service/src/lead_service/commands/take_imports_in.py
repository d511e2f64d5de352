"""Taking in the rows of imported files, batch by batch."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.consuming.consumer import is_transient
from baoke_events.origin import correlated
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.capture_leads import capture_leads
from lead_service.db import lead_imports as db_imports
from lead_service.domain.capture import Inquiry
from lead_service.domain.lead_import import LeadImport, RejectedRow, advance, fail
from lead_service.domain.policy import LeadPolicy
from lead_service.lead_tables.rows import RowReader
from lead_service.tabular import read_records

log = logging.getLogger(__name__)

BATCH = 1_000
"""Rows taken in one transaction, as many as a batch over HTTP may have."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows read from the import's place on, where the next one begins, and whether there is none."""

    inquiries: Sequence[Inquiry]
    rejected: Sequence[RejectedRow]
    position: int
    row_number: int
    is_over: bool


async def take_next_rows(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of the import whose turn it is is taken in. Answers how much there was to do; 0 is nothing.

    Its place is kept in the same transaction as its leads, so that a worker that dies leaves nothing done by half, and
    another goes on where it stopped. An import that cannot go on fails, and does not hold up the others.
    """
    import_ = await db_imports.lock_next_open(session)
    if import_ is None:
        return 0
    try:
        async with session.begin_nested():
            with correlated(import_.correlation_id):
                return await _take(session, import_, now)
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("import %s failed behind row %s", import_.id, import_.row_number)
        why = f"{type(error).__name__} in the {BATCH} rows behind row {import_.row_number}"
        await db_imports.save(session, fail(import_, why, at=now))
        return 1


async def _take(session: AsyncSession, import_: LeadImport, now: datetime) -> int:
    batch = await _read(session, import_, now)
    captures = await capture_leads(session, batch.inquiries, now=now) if batch.inquiries else []
    await db_imports.add_rejections(session, import_, batch.rejected)
    counts = import_.counts.plus([capture.outcome for capture in captures], rejected=len(batch.rejected))
    after = advance(
        import_,
        position=batch.position,
        row_number=batch.row_number,
        counts=counts,
        is_over=batch.is_over,
        at=now,
    )
    await db_imports.save(session, after)
    return max(len(captures) + len(batch.rejected), 1)


async def _read(session: AsyncSession, import_: LeadImport, now: datetime) -> _Batch:
    """Up to `BATCH` rows of the file from the import's place on."""
    policy = (await policy_of(session, {import_.dealer_id}, LeadPolicy))[import_.dealer_id]
    piece, is_last = await db_imports.read(session, import_)
    file = import_.file
    records = read_records(piece, file.delimiter, most=BATCH, is_last=is_last, width=len(file.columns))
    reader, end = RowReader(import_, policy, now=now), records[-1].end if records else len(piece)
    rows = [reader.read(record, number) for number, record in enumerate(records, import_.row_number + 1)]
    return _Batch(
        inquiries=[row for row in rows if isinstance(row, Inquiry)],
        rejected=[row for row in rows if isinstance(row, RejectedRow)],
        position=import_.position + end,
        row_number=import_.row_number + len(records),
        is_over=is_last and end == len(piece),
    )
