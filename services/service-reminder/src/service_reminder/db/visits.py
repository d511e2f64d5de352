"""Workshop visits and the stages they reached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.tables import VisitRow, VisitStageRow
from service_reminder.domain.visits import Line, Stage, Visit


@dataclass(frozen=True, slots=True)
class StageReached:
    """One entry of a visit's history."""

    stage: Stage
    reached_at: datetime
    quoted_cents: int | None
    note: str | None


async def add(session: AsyncSession, visit: Visit, *, by: str) -> None:
    """Store a visit that begins."""
    await session.execute(insert(VisitRow).values(dealer_id=visit.dealer_id, visit_id=visit.visit_id, **_values(visit)))
    await note_stage(session, visit, at=visit.arrived_at, by=by)


async def save(session: AsyncSession, visit: Visit) -> None:
    """Write a visit that this transaction has locked."""
    statement = update(VisitRow).where(VisitRow.dealer_id == visit.dealer_id, VisitRow.visit_id == visit.visit_id)
    await session.execute(statement.values(_values(visit)))


async def note_stage(
    session: AsyncSession,
    visit: Visit,
    *,
    at: datetime,
    by: str,
    quoted_cents: int | None = None,
    note: str | None = None,
) -> None:
    """Keep that a visit reached the stage it stands at."""
    await session.execute(
        insert(VisitStageRow).values(
            dealer_id=visit.dealer_id,
            visit_id=visit.visit_id,
            stage=visit.stage,
            reached_at=at,
            quoted_cents=quoted_cents,
            note=note,
            by=by,
        )
    )


async def find(session: AsyncSession, dealer_id: UUID, visit_id: UUID) -> Visit | None:
    """Read a dealer's visit."""
    row = (await session.execute(_one(dealer_id, visit_id))).one_or_none()
    return _visit(row) if row else None


async def lock(session: AsyncSession, dealer_id: UUID, visit_id: UUID) -> Visit | None:
    """Lock a dealer's visit."""
    row = (await session.execute(_one(dealer_id, visit_id).with_for_update())).one_or_none()
    return _visit(row) if row else None


async def stages_of(session: AsyncSession, dealer_id: UUID, visit_id: UUID) -> list[StageReached]:
    """Read the stages a visit has reached, oldest first."""
    query = select(VisitStageRow.__table__).where(
        VisitStageRow.dealer_id == dealer_id, VisitStageRow.visit_id == visit_id
    )
    rows = await session.execute(query.order_by(VisitStageRow.reached_at))
    return [StageReached(Stage(row.stage), row.reached_at, row.quoted_cents, row.note) for row in rows]


def _one(dealer_id: UUID, visit_id: UUID) -> Select[Any]:
    return select(VisitRow.__table__).where(VisitRow.dealer_id == dealer_id, VisitRow.visit_id == visit_id)


def _values(visit: Visit) -> dict[str, Any]:
    return {
        "vehicle_id": visit.vehicle_id,
        "customer_id": visit.customer_id,
        "store_id": visit.store_id,
        "appointment_id": visit.appointment_id,
        "stage": visit.stage,
        "arrived_at": visit.arrived_at,
        "quoted_cents": visit.quoted_cents,
        "odometer_km": visit.odometer_km,
        "lines": [
            {"code": line.code, "description": line.description, "amount_cents": line.amount_cents}
            for line in visit.lines
        ],
        "amount_cents": visit.amount_cents,
        "completed_at": visit.completed_at,
    }


def _visit(row: Any) -> Visit:
    return Visit(
        dealer_id=row.dealer_id,
        visit_id=row.visit_id,
        vehicle_id=row.vehicle_id,
        customer_id=row.customer_id,
        store_id=row.store_id,
        appointment_id=row.appointment_id,
        stage=Stage(row.stage),
        arrived_at=row.arrived_at,
        quoted_cents=row.quoted_cents,
        odometer_km=row.odometer_km,
        lines=tuple(Line(**line) for line in row.lines),
        amount_cents=row.amount_cents,
        completed_at=row.completed_at,
    )
