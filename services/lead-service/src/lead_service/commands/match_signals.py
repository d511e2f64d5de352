"""Matching market signals against the leads that were lost."""

from datetime import datetime

from baoke_chassis.policy import policy_of
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import matching as db_matching
from lead_service.db import signals as db_signals
from lead_service.db.candidates import Place
from lead_service.db.matching import Looked
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import ReactivationPolicy
from lead_service.domain.signal import MarketSignal, has_expired

BATCH = 2_000
"""Leads approached in one transaction: a fraction of a second, whatever the number of defeated leads."""


async def match_next_signal(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of the oldest open signal is matched. Answers how much there was to do; 0 is nothing.

    How far a signal has come is kept beside it in the same transaction, so that a worker that dies
    leaves nothing done by half, and another goes on where it stopped. A signal that holds no longer
    is not matched on.
    """
    found = await db_signals.lock_next_open(session)
    if found is None:
        return 0
    signal = found.signal
    rules = (await policy_of(session, {signal.dealer_id}, LeadPolicy))[signal.dealer_id]
    place = found.place or _part_behind(None, signal, rules.reactivation)
    if place is None or has_expired(signal, today=rules.today(now)):
        await db_signals.finish(session, signal, at=now)
        return 1
    like = facts.reactivated(signal, origin=found.origin, at=now)
    looked = await db_matching.approach(session, signal, rules.reactivation, place, limit=BATCH, like=like, at=now)
    await _keep_place(session, signal, rules.reactivation, place, looked, now)
    return max(looked.leads, 1)


async def _keep_place(
    session: AsyncSession,
    signal: MarketSignal,
    policy: ReactivationPolicy,
    place: Place,
    looked: Looked,
    now: datetime,
) -> None:
    full = looked.leads == BATCH
    following = Place(place.part, looked.through) if full else _part_behind(place, signal, policy)
    await db_signals.advance(session, signal, following or place, activated=looked.activated, held_out=looked.held_out)
    if following is None:
        await db_signals.finish(session, signal, at=now)


def _part_behind(place: Place | None, signal: MarketSignal, policy: ReactivationPolicy) -> Place | None:
    """The start of the next part that the rules let the signal speak to; None behind the last."""
    parts = (part for part in policy.parts(signal) if place is None or part > place.part)
    return next((Place(part) for part in parts), None)
