"""Matching market signals against the leads that were lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import candidates as db_candidates
from lead_service.db import reactivations as db_reactivations
from lead_service.db import signals as db_signals
from lead_service.db.signals import OpenSignal
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import Reactivation, ReactivationState, reactivate

BATCH = 2_000
"""Candidates looked at in one transaction: memory does not grow with the number of defeated leads."""


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
    candidates = await db_candidates.lock_candidates(
        session, signal, policy, after=open_signal.matched_through, limit=BATCH
    )
    await _approach(session, open_signal, reactivate(candidates, signal, policy), now)
    if len(candidates) < BATCH:
        await db_signals.finish(session, signal, at=now)
    else:
        await db_signals.advance(session, signal, through=candidates[-1].lead_id)
    return max(len(candidates), 1)


async def _approach(
    session: AsyncSession, open_signal: OpenSignal, reactivations: Sequence[Reactivation], now: datetime
) -> None:
    """The leads are approached or held out; those that this signal has approached before are left alone."""
    if not reactivations:
        return
    signal = open_signal.signal
    offered = [(uuid7(), reactivation) for reactivation in reactivations]
    added: set[UUID] = await db_reactivations.add(session, signal.dealer_id, offered, at=now)
    await db_candidates.mark_attempts(session, signal, sorted(added), at=now)
    await publish(
        session,
        [
            facts.reactivated(id_, reactivation, signal, origin=open_signal.origin, at=now)
            for id_, reactivation in offered
            if reactivation.lead_id in added and reactivation.state is ReactivationState.ACTIVATED
        ],
    )
