"""Matching market signals against the leads that were lost."""

from datetime import datetime, timedelta
from uuid import UUID

from baoke_chassis.policy import rules_of
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.settle_opportunities import settle_after
from lead_service.db import matching as db_matching
from lead_service.db import opportunities as db_opportunities
from lead_service.db import signals as db_signals
from lead_service.db.candidates import Place
from lead_service.db.matching import BatchResult
from lead_service.db.signals import OpenSignal
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationPolicy
from lead_service.domain.signal import MarketSignal, has_expired

BATCH = 5_000
"""Leads approached in one transaction: a fraction of a second, whatever the number of defeated leads."""

RETRY_AFTER = timedelta(minutes=1)
"""A signal whose batch failed lets the others pass for so long."""


class MatchingFailed(Exception):
    """A batch of a signal was not matched."""

    def __init__(self, signal: MarketSignal) -> None:
        self.dealer_id, self.signal_id = signal.dealer_id, signal.id
        super().__init__(f"market signal {signal.id} of dealer {signal.dealer_id} was not matched on")


async def match_next_signal(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of the oldest open signal is matched. Answers how much there was to do; 0 is nothing.

    How far a signal has come is kept beside it in the same transaction, so that a worker that dies
    leaves nothing done by half, and another goes on where it stopped. A signal that holds no longer
    is not matched on.

    Raises:
        MatchingFailed: the batch is to be rolled back, and the signal put off.
    """
    found = await db_signals.lock_next_open(session, now=now)
    if found is None:
        return 0
    try:
        return await _match(session, found, now)
    except Exception as error:
        raise MatchingFailed(found.signal) from error


async def put_off_signal(session: AsyncSession, dealer_id: UUID, signal_id: UUID, *, now: datetime) -> None:
    """The signal, whose batch failed, waits, so that those of all dealers behind it are matched meanwhile."""
    await db_signals.put_off(session, dealer_id, signal_id, until=now + RETRY_AFTER)


async def _match(session: AsyncSession, found: OpenSignal, now: datetime) -> int:
    signal = found.signal
    rules = await rules_of(session, signal.dealer_id, LeadPolicy)
    place = _go_on(found.place, signal, rules.reactivation)
    if place is None or has_expired(signal, today=rules.today(now)):
        await _finish(session, signal, now)
        return 1
    like = facts.reactivated(signal, origin=found.origin, at=now)
    batch = await db_matching.approach(session, signal, rules.reactivation, place, limit=BATCH, like=like, at=now)
    await _keep_place(session, signal, rules.reactivation, place, batch, now)
    return max(batch.leads, 1)


async def _keep_place(
    session: AsyncSession,
    signal: MarketSignal,
    policy: ReactivationPolicy,
    place: Place,
    batch: BatchResult,
    now: datetime,
) -> None:
    full = batch.leads == BATCH
    following = Place(place.segment, batch.through) if full else _segment_behind(place, signal, policy)
    await db_signals.advance(session, signal, following or place, activated=batch.activated, held_out=batch.held_out)
    if following is None:
        await _finish(session, signal, now)


async def _finish(session: AsyncSession, signal: MarketSignal, now: datetime) -> None:
    """The signal is matched, and who came back before there was an approach to settle is settled now."""
    await db_signals.finish(session, signal, at=now)
    if back := await db_opportunities.came_back_since(session, signal):
        await settle_after(session, back, now=now)


def _go_on(place: Place | None, signal: MarketSignal, policy: ReactivationPolicy) -> Place | None:
    """Where the matching goes on by today's rules, which may leave out the segment it stopped in."""
    if place is not None and place.segment in policy.segments(signal):
        return place
    return _segment_behind(place, signal, policy)


def _segment_behind(place: Place | None, signal: MarketSignal, policy: ReactivationPolicy) -> Place | None:
    """The start of the next segment that the rules let the signal speak to; None behind the last."""
    segments = (segment for segment in policy.segments(signal) if place is None or segment > place.segment)
    return next((Place(segment) for segment in segments), None)
