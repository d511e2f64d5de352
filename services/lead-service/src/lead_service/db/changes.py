"""What somebody decided over the clock: grades given, and contacts put on other dates."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import RowMapping, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import ContactMoveRow, GradeChangeRow
from lead_service.domain.grade import Grade
from lead_service.domain.grading import ContactMove, GradeChange
from lead_service.domain.lead import Lead

_GRADE: Table = GradeChangeRow.metadata.tables["grade_change"]
_MOVE: Table = ContactMoveRow.metadata.tables["contact_move"]


async def add_grade(session: AsyncSession, lead: Lead, change: GradeChange) -> None:
    """The grade is part of the lead's history."""
    await session.execute(insert(_GRADE).values(dealer_id=lead.dealer_id, lead_id=lead.id, **asdict(change)))


async def add_move(session: AsyncSession, lead: Lead, move: ContactMove) -> None:
    """The other date is part of the lead's history."""
    await session.execute(insert(_MOVE).values(dealer_id=lead.dealer_id, lead_id=lead.id, **asdict(move)))


async def grades(session: AsyncSession, lead: Lead, *, limit: int) -> list[GradeChange]:
    """Up to `limit` grades that the lead was given, newest first."""
    return [
        GradeChange(
            id=row["id"],
            from_grade=Grade(row["from_grade"]),
            to_grade=Grade(row["to_grade"]),
            reason=row["reason"],
            graded_by=row["graded_by"],
            graded_at=row["graded_at"],
        )
        for row in await _newest(session, _GRADE, lead, limit)
    ]


async def moves(session: AsyncSession, lead: Lead, *, limit: int) -> list[ContactMove]:
    """Up to `limit` other dates that the lead's contacts were put on, newest first."""
    return [
        ContactMove(
            id=row["id"],
            from_at=row["from_at"],
            to_at=row["to_at"],
            reason=row["reason"],
            moved_by=row["moved_by"],
            moved_at=row["moved_at"],
        )
        for row in await _newest(session, _MOVE, lead, limit)
    ]


async def _newest(session: AsyncSession, table: Table, lead: Lead, limit: int) -> Sequence[RowMapping]:
    query = select(table).where(table.c.dealer_id == lead.dealer_id, table.c.lead_id == lead.id)
    return (await session.execute(query.order_by(table.c.id.desc()).limit(limit))).mappings().all()
