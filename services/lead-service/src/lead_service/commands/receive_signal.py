"""Taking in a market signal, and telling whom it would touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.consuming import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import candidates as db_candidates
from lead_service.db import signals as db_signals
from lead_service.db.candidates import Place
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import Reactivation, reactivate
from lead_service.domain.signal import MarketSignal, require_valid


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a signal would touch: how many leads in all, and some of them in the order of their places."""

    matched: int
    reactivations: Sequence[tuple[Place, Reactivation]]


async def receive_signal(session: AsyncSession, signal: MarketSignal, *, origin: Origin, now: datetime) -> UUID:
    """The signal is on record and will be matched. Answers its id, or that of an earlier one that says the same.

    The same said again is a retry; once the cool-off of those it spoke to is over, it is news (the next car in stock).

    Raises:
        SignalExpired: its last day has passed.
    """
    policy = await _policy(session, signal, now)
    await db_signals.release(session, signal, matched_before=now - policy.reactivation.retry_window)
    return await db_signals.add(session, signal, origin)


async def preview_signal(
    session: AsyncSession, signal: MarketSignal, *, after: Place | None, limit: int, now: datetime
) -> Preview:
    """Whom the signal would touch if it came now; up to `limit` of them behind the place `after`. Writes nothing.

    Raises:
        SignalExpired: its last day has passed.
    """
    policy = (await _policy(session, signal, now)).reactivation
    matched = await db_candidates.count(session, signal, policy)
    shown = await db_candidates.page(session, signal, policy, after=after, limit=limit)
    approached = reactivate([candidate for _, candidate in shown], signal, policy)
    return Preview(matched, [(place, each) for (place, _), each in zip(shown, approached, strict=True)])


async def _policy(session: AsyncSession, signal: MarketSignal, now: datetime) -> LeadPolicy:
    policy = await rules_of(session, signal.dealer_id, LeadPolicy)
    require_valid(signal, today=policy.today(now))
    return policy
