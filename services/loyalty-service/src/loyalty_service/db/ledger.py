"""The ledger: entries and movements are only ever added."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, insertion, keyed, unnested, whole
from loyalty_service.db.tables import Award, LedgerEntry, Member
from loyalty_service.db.tables import Movement as MovementRow
from loyalty_service.domain.ledger import Account, Entry, EntryKind, Lot, Posted
from loyalty_service.domain.statements import AwardPart, StatementLine


async def save(
    session: AsyncSession, posted: Sequence[Posted], *, recorded_at: datetime, recorded_by: str | None = None
) -> None:
    """Add the entries and bring the accounts and lots to where the entries leave them.

    The members must be locked, and one member's entries be given in the order of their numbers.
    """
    if not posted:
        return
    entries = [step.entry for step in posted]
    await session.execute(insertion(LedgerEntry, [_entry_row(e, recorded_at, recorded_by) for e in entries]))
    await session.execute(insertion(MovementRow, [row for e in entries for row in _movement_rows(e)]))
    await _save_accounts(session, {(s.account.dealer_id, s.account.customer_id): s.account for s in posted}.values())
    await _save_lots(session, {(s.account.dealer_id, lot.award_id): lot for s in posted for lot in s.lots})


async def statement(session: AsyncSession, key: Key, *, below: int | None, limit: int) -> list[StatementLine]:
    """Up to `limit` of a member's entries with a number under `below`, newest first."""
    dealer_id, customer_id = key
    page = whole(LedgerEntry).where(LedgerEntry.dealer_id == dealer_id, LedgerEntry.customer_id == customer_id)
    if below is not None:
        page = page.where(LedgerEntry.number < below)
    rows = (await session.execute(page.order_by(LedgerEntry.number.desc()).limit(limit))).all()
    behind = await _awards_behind(session, [(dealer_id, row.id) for row in rows])
    return [_line(row, tuple(behind[row.id])) for row in rows]


async def _awards_behind(session: AsyncSession, entries: Sequence[Key]) -> dict[UUID, list[AwardPart]]:
    """The awards that each entry's points went into or came out of, by entry, first-expiring first."""
    found: dict[UUID, list[AwardPart]] = {entry_id: [] for _, entry_id in entries}
    if not found:
        return found
    given = keyed(MovementRow, "entry_id", entries)
    rows = await session.execute(
        select(MovementRow.entry_id, MovementRow.award_id, Award.rule, Award.source_event_id, MovementRow.points)
        .join(given, (MovementRow.dealer_id == given.c.dealer_id) & (MovementRow.entry_id == given.c.entry_id))
        .join(Award, (Award.dealer_id == MovementRow.dealer_id) & (Award.id == MovementRow.award_id))
        .order_by(Award.expires_at, Award.id)
    )
    for row in rows:
        found[row.entry_id].append(AwardPart(row.award_id, row.rule, row.source_event_id, row.points))
    return found


async def _save_accounts(session: AsyncSession, accounts: Iterable[Account]) -> None:
    rows = [
        {"dealer_id": a.dealer_id, "customer_id": a.customer_id, "balance": a.balance, "entries": a.entries}
        for a in accounts
    ]
    new = unnested(Member, rows)
    await session.execute(
        update(Member)
        .where(Member.dealer_id == new.c.dealer_id, Member.customer_id == new.c.customer_id)
        .values(balance=new.c.balance, entries=new.c.entries)
        .execution_options(synchronize_session=False)
    )


async def _save_lots(session: AsyncSession, lots: Mapping[Key, Lot]) -> None:
    if not lots:
        return
    rows = [
        {"dealer_id": dealer_id, "id": lot.award_id, "remaining": lot.remaining, "state": lot.state}
        for (dealer_id, _), lot in lots.items()
    ]
    new = unnested(Award, rows)
    await session.execute(
        update(Award)
        .where(Award.dealer_id == new.c.dealer_id, Award.id == new.c.id)
        .values(remaining=new.c.remaining, state=new.c.state)
        .execution_options(synchronize_session=False)
    )


def _entry_row(entry: Entry, recorded_at: datetime, recorded_by: str | None) -> Mapping[str, Any]:
    return {
        "dealer_id": entry.dealer_id,
        "customer_id": entry.customer_id,
        "number": entry.number,
        "id": entry.id,
        "kind": entry.kind,
        "points": entry.points,
        "balance": entry.balance,
        "reason": entry.reason,
        "recorded_at": recorded_at,
        "recorded_by": recorded_by,
    }


def _movement_rows(entry: Entry) -> list[Mapping[str, Any]]:
    return [
        {
            "dealer_id": entry.dealer_id,
            "entry_id": entry.id,
            "award_id": movement.award_id,
            "source": movement.source,
            "destination": movement.destination,
            "points": movement.points,
        }
        for movement in entry.movements
    ]


def _line(row: Row[Any], awards: tuple[AwardPart, ...]) -> StatementLine:
    return StatementLine(
        entry_id=row.id,
        number=row.number,
        kind=EntryKind(row.kind),
        points=row.points,
        balance=row.balance,
        reason=row.reason,
        awards=awards,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )
