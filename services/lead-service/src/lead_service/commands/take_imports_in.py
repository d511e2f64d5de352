"""Taking in the rows of imported files, batch by batch."""

import logging
from datetime import datetime

from baoke_chassis.policy import rules_of
from baoke_events.consuming.consumer import is_transient
from baoke_events.origin import correlated
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.capture_leads import capture_leads
from lead_service.db import lead_imports as db_imports
from lead_service.domain.lead_import import LeadImport, advance, fail
from lead_service.domain.policy import LeadPolicy
from lead_service.lead_tables.batches import read_batch

log = logging.getLogger(__name__)

BATCH = 1_000
"""Rows taken in one transaction, as many as a batch over HTTP may have."""


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
    policy = await rules_of(session, import_.dealer_id, LeadPolicy)
    piece, is_last = await db_imports.read(session, import_)
    batch = read_batch(import_, policy, piece, is_last=is_last, most=BATCH, now=now)
    captures = await capture_leads(session, batch.inquiries, now=now) if batch.inquiries else []
    await db_imports.add_flawed(session, import_, batch.flawed)
    outcomes = [capture.outcome for capture in captures]
    after = advance(
        import_,
        position=batch.position,
        row_number=batch.row_number,
        counts=import_.counts.plus(outcomes, rejected=batch.rejected, warned=batch.warned),
        remarks=batch.remarks,
        is_over=batch.is_over,
        at=now,
    )
    await db_imports.save(session, after)
    return max(len(captures) + batch.rejected, 1)
