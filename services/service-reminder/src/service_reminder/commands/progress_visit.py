"""Move a visit on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events import VisitProgressed
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import visits as db_visits
from service_reminder.domain.errors import VisitNotFound
from service_reminder.domain.visits import Stage, Visit, advance


@dataclass(frozen=True, slots=True)
class ProgressVisit:
    """A visit reached a stage."""

    dealer_id: UUID
    visit_id: UUID
    stage: Stage
    quoted_cents: int | None
    note: str | None
    by: str


async def progress_visit(session: AsyncSession, command: ProgressVisit, *, now: datetime) -> Visit:
    """Move the visit forward and tell the owner's side of it.

    Raises:
        VisitNotFound: the dealer has no such visit.
        VisitAlreadyCompleted: it was delivered.
        StageNotForward: it stands there, or further, already.
        QuoteMissing: it is to be quoted, without an amount.
    """
    visit = await db_visits.lock(session, command.dealer_id, command.visit_id)
    if visit is None:
        raise VisitNotFound(command.visit_id)
    moved = advance(visit, command.stage, quoted_cents=command.quoted_cents)
    await db_visits.save(session, moved)
    await db_visits.note_stage(
        session, moved, at=now, by=command.by, quoted_cents=command.quoted_cents, note=command.note
    )
    await publish(session, [_progressed(moved, command, now)])
    return moved


def _progressed(visit: Visit, command: ProgressVisit, now: datetime) -> VisitProgressed:
    return VisitProgressed(
        dealer_id=visit.dealer_id,
        occurred_at=now,
        vehicle_id=visit.vehicle_id,
        customer_id=visit.customer_id,
        store_id=visit.store_id,
        visit_id=visit.visit_id,
        stage=visit.stage,
        quoted_cents=command.quoted_cents,
    )
