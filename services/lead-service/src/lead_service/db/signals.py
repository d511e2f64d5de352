"""Market signals and how far each has been matched."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from baoke_events.consuming import Origin
from sqlalchemy import Text, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.candidates import Place
from lead_service.db.tables import MarketSignalRow
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.errors import SignalNotFound
from lead_service.domain.reactivation import Segment
from lead_service.domain.signal import MarketSignal, SignalKind, SignalState, state_of


@dataclass(frozen=True, slots=True)
class OpenSignal:
    """A signal with leads left to look at, where that stands, and the story its events continue.

    No place is before the first lead.
    """

    signal: MarketSignal
    place: Place | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class WithdrawnSignal:
    """A signal with approaches left to call back, the last that was looked at, and the story its events continue."""

    signal: MarketSignal
    through: UUID | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class KnownSignal:
    """A signal, how far it has been matched, and how many leads that approached and held out so far."""

    signal: MarketSignal
    matched_at: datetime | None
    withdrawn_at: datetime | None
    activated: int
    held_out: int

    def state(self, *, today: date) -> SignalState:
        """How the signal stands on this day of the dealer's."""
        return state_of(
            self.signal,
            is_matched=self.matched_at is not None,
            is_withdrawn=self.withdrawn_at is not None,
            today=today,
        )


async def add(session: AsyncSession, signal: MarketSignal, origin: Origin) -> UUID:
    """The signal is on record and waits to be matched. Answers its id: the older one's if it was there already."""
    row = MarketSignalRow
    adding = (
        insert(row)
        .values(**asdict(signal), **asdict(origin), fingerprint=signal.fingerprint)
        .on_conflict_do_nothing(index_elements=["dealer_id", "fingerprint"])
        .returning(row.id)
    )
    known = select(row.id).where(row.dealer_id == signal.dealer_id, row.fingerprint == signal.fingerprint)
    signal_id = None
    while signal_id is None:  # the older one may be withdrawn between the two
        signal_id = await session.scalar(adding) or await session.scalar(known)
    return signal_id


async def release(session: AsyncSession, signal: MarketSignal, *, matched_before: datetime) -> None:
    """What says the same as the signal and was matched before then does not stand for it: the signal is news again."""
    row = MarketSignalRow
    await session.execute(
        update(row)
        .where(
            row.dealer_id == signal.dealer_id,
            row.fingerprint == signal.fingerprint,
            row.matched_at < matched_before,
        )
        .values(fingerprint=_released())
    )


async def lock_next_open(session: AsyncSession, *, now: datetime) -> OpenSignal | None:
    """The oldest signal, of all dealers, that is not fully matched and that no other worker holds; locked.

    One whose batch failed waits for its time.
    """
    row = MarketSignalRow
    waiting = or_(row.retry_at.is_(None), row.retry_at <= now)
    query = select(row.__table__).where(row.matched_at.is_(None), waiting).order_by(row.id).limit(1)
    found = (await session.execute(query.with_for_update(skip_locked=True))).mappings().one_or_none()
    return _open_signal(found) if found else None


async def put_off(session: AsyncSession, dealer_id: UUID, signal_id: UUID, *, until: datetime) -> None:
    """The signal is not matched on before then."""
    row = MarketSignalRow
    await session.execute(update(row).where(row.dealer_id == dealer_id, row.id == signal_id).values(retry_at=until))


async def advance(session: AsyncSession, signal: MarketSignal, to: Place, *, activated: int, held_out: int) -> None:
    """The leads before the place have been looked at, and so many more of them approached and held out."""
    row = MarketSignalRow
    await session.execute(
        _of(signal).values(
            matched_model_key=to.segment.model_key,
            matched_reason=to.segment.reason,
            matched_through=to.lead_id,
            activated=row.activated + activated,
            held_out=row.held_out + held_out,
        )
    )


async def finish(session: AsyncSession, signal: MarketSignal, *, at: datetime) -> None:
    """Every lead has been looked at."""
    await session.execute(_of(signal).values(matched_at=at))


async def add_round(session: AsyncSession, signal: MarketSignal, origin: Origin) -> UUID:
    """A signal that the clock made is on record, with nothing left to match; its id, or that of the one there was."""
    signal_id = await add(session, signal, origin)
    row = MarketSignalRow
    matched = update(row).where(row.dealer_id == signal.dealer_id, row.id == signal_id, row.matched_at.is_(None))
    await session.execute(matched.values(matched_at=signal.received_at))
    return signal_id


async def add_counts(session: AsyncSession, signal: MarketSignal, *, activated: int, held_out: int) -> None:
    """So many more leads were approached and held out."""
    row = MarketSignalRow
    await session.execute(_of(signal).values(activated=row.activated + activated, held_out=row.held_out + held_out))


async def withdraw(session: AsyncSession, signal: MarketSignal, *, at: datetime) -> None:
    """Nobody is approached with the signal any more; another that says the same is another."""
    row = MarketSignalRow
    await session.execute(
        _of(signal).values(
            withdrawn_at=at,
            matched_at=func.coalesce(row.matched_at, at),
            fingerprint=_released(),
        )
    )


async def lock_next_to_recall(session: AsyncSession) -> WithdrawnSignal | None:
    """The oldest signal, of all dealers, that was withdrawn and not called back to its end; locked.

    One that another worker holds is left to it.
    """
    row = MarketSignalRow
    query = select(row.__table__).where(row.withdrawn_at.is_not(None), row.recalled_at.is_(None)).order_by(row.id)
    found = (await session.execute(query.limit(1).with_for_update(skip_locked=True))).mappings().one_or_none()
    return WithdrawnSignal(_signal(found), found["recalled_through"], _origin(found)) if found else None


async def recalled(session: AsyncSession, signal: MarketSignal, through: UUID | None, *, at: datetime | None) -> None:
    """The signal's approaches are called back up to this one; with `at`, since then all of them are."""
    await session.execute(_of(signal).values(recalled_through=through, recalled_at=at))


async def find(session: AsyncSession, dealer_id: UUID, signal_id: UUID, *, lock: bool = False) -> KnownSignal:
    """The signal; locked until the caller's commit where asked for, which waits for the batch that is being matched.

    Raises:
        SignalNotFound: the dealer has no such signal.
    """
    table = MarketSignalRow.__table__
    query = select(table).where(table.c.dealer_id == dealer_id, table.c.id == signal_id)
    found = (await session.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if found is None:
        raise SignalNotFound(signal_id)
    return _known(found)


async def latest(session: AsyncSession, dealer_id: UUID, *, today: date, limit: int) -> list[MarketSignal]:
    """Up to `limit` changes on the market that hold on this day of the dealer's, newest first."""
    table = MarketSignalRow.__table__
    query = select(table).where(
        table.c.dealer_id == dealer_id,
        table.c.kind != SignalKind.CARE.value,
        table.c.withdrawn_at.is_(None),
        or_(table.c.valid_until.is_(None), table.c.valid_until >= today),
    )
    rows = await session.execute(query.order_by(table.c.id.desc()).limit(limit))
    return [_signal(row) for row in rows.mappings()]


async def page(
    session: AsyncSession, dealer_id: UUID, kind: SignalKind | None, *, before: UUID | None, limit: int
) -> list[KnownSignal]:
    """Up to `limit` signals older than `before`, newest first."""
    table = MarketSignalRow.__table__
    query = select(table).where(table.c.dealer_id == dealer_id)
    if kind is not None:
        query = query.where(table.c.kind == kind)
    if before is not None:
        query = query.where(table.c.id < before)
    rows = await session.execute(query.order_by(table.c.id.desc()).limit(limit))
    return [_known(row) for row in rows.mappings()]


def _released() -> Any:
    """Another fingerprint than that of any signal to come."""
    return func.concat(MarketSignalRow.fingerprint, " ", cast(MarketSignalRow.id, Text))


def _of(signal: MarketSignal) -> Any:
    row = MarketSignalRow
    return update(row).where(row.dealer_id == signal.dealer_id, row.id == signal.id)


def _open_signal(row: Mapping[Any, Any]) -> OpenSignal:
    place = None
    if row["matched_model_key"] is not None:
        segment = Segment(row["matched_model_key"], DefeatReason(row["matched_reason"]))
        place = Place(segment, row["matched_through"])
    return OpenSignal(_signal(row), place, _origin(row))


def _origin(row: Mapping[Any, Any]) -> Origin:
    return Origin(row["causation_id"], row["correlation_id"], row["traceparent"])


def _known(row: Mapping[Any, Any]) -> KnownSignal:
    return KnownSignal(_signal(row), row["matched_at"], row["withdrawn_at"], row["activated"], row["held_out"])


def _signal(row: Mapping[Any, Any]) -> MarketSignal:
    return MarketSignal(
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
