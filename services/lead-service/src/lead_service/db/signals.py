"""Market signals and how far each has been matched."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.consuming import Origin
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import MarketSignalRow
from lead_service.domain.signal import MarketSignal, SignalKind


@dataclass(frozen=True, slots=True)
class OpenSignal:
    """A signal with leads left to look at, and the story its events continue."""

    signal: MarketSignal
    matched_through: UUID | None
    origin: Origin


async def add(session: AsyncSession, signal: MarketSignal, origin: Origin) -> UUID:
    """The signal is on record and waits to be matched. Answers its id: the older one's if it was there already."""
    row = MarketSignalRow
    added = await session.execute(
        insert(row)
        .values(**asdict(signal), **asdict(origin), fingerprint=signal.fingerprint)
        .on_conflict_do_nothing(index_elements=["dealer_id", "fingerprint"])
        .returning(row.id)
    )
    if (signal_id := added.scalar_one_or_none()) is not None:
        return signal_id
    known = select(row.id).where(row.dealer_id == signal.dealer_id, row.fingerprint == signal.fingerprint)
    return (await session.execute(known)).scalar_one()


async def lock_next_open(session: AsyncSession) -> OpenSignal | None:
    """The oldest signal, of all dealers, that is not fully matched and that no other worker holds; locked."""
    row = MarketSignalRow
    query = select(row.__table__).where(row.matched_at.is_(None)).order_by(row.id).limit(1)
    found = (await session.execute(query.with_for_update(skip_locked=True))).mappings().one_or_none()
    return _open_signal(found) if found else None


async def advance(session: AsyncSession, signal: MarketSignal, *, through: UUID) -> None:
    """The leads up to `through` have been looked at."""
    await session.execute(_of(signal).values(matched_through=through))


async def finish(session: AsyncSession, signal: MarketSignal, *, at: datetime) -> None:
    """Every lead has been looked at."""
    await session.execute(_of(signal).values(matched_at=at))


def _of(signal: MarketSignal) -> Any:
    row = MarketSignalRow
    return update(row).where(row.dealer_id == signal.dealer_id, row.id == signal.id)


def _open_signal(row: Mapping[Any, Any]) -> OpenSignal:
    signal = MarketSignal(
        id=row["id"],
        dealer_id=row["dealer_id"],
        kind=SignalKind(row["kind"]),
        make=row["make"],
        model=row["model"],
        trim=row["trim"],
        price_from_cents=row["price_from_cents"],
        price_to_cents=row["price_to_cents"],
        competitor=row["competitor"],
        valid_until=row["valid_until"],
        note=row["note"],
        received_at=row["received_at"],
    )
    return OpenSignal(
        signal, row["matched_through"], Origin(row["causation_id"], row["correlation_id"], row["traceparent"])
    )
