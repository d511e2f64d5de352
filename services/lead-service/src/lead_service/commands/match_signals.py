"""Matching market signals against the leads that were lost."""

from datetime import datetime

from baoke_chassis.policy import policy_of
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import matching as db_matching
from lead_service.db import signals as db_signals
from lead_service.domain.policy import LeadPolicy

BATCH = 2_000
"""Leads approached in one transaction: a fraction of a second, whatever the number of defeated leads."""


async def match_next_signal(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of the oldest open signal is matched. Answers how much there was to do; 0 is nothing.

    How far a signal has come is kept beside it in the same transaction, so that a worker that dies
    leaves nothing done by half, and another goes on where it stopped.
    """
    open_signal = await db_signals.lock_next_open(session)
    if open_signal is None:
        return 0
    signal = open_signal.signal
    policy = (await policy_of(session, {signal.dealer_id}, LeadPolicy))[signal.dealer_id].reactivation
    like = facts.reactivated(signal, origin=open_signal.origin, at=now)
    looked = await db_matching.approach(
        session, signal, policy, after=open_signal.matched_through, limit=BATCH, like=like, at=now
    )
    if looked.through is None or looked.leads < BATCH:
        await db_signals.finish(session, signal, at=now)
    else:
        await db_signals.advance(session, signal, through=looked.through)
    return max(looked.leads, 1)
