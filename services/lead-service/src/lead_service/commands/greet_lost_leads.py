"""Greeting lost leads by the clock, where no signal speaks to them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.consuming import Origin
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import greetings as db_greetings
from lead_service.db import signals as db_signals
from lead_service.domain.greeting import plan
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import Candidate, Reactivation, ReactivationState, reactivate, reactivation_id
from lead_service.domain.signal import MarketSignal, care_round

BATCH = 500
"""Leads looked at in one transaction."""


async def greet_lost_leads(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` leads whose greeting is due are greeted, held out, or have their turn later. Answers how many.

    A day's greetings of a dealer are one signal, which says how many they were.
    """
    due = await db_greetings.lock_due(session, now=now, limit=BATCH)
    if due is None:
        return 0
    dealer_id, leads = due
    policy = (await policy_of(session, {dealer_id}, LeadPolicy))[dealer_id]
    plans = [plan(lead, policy.reactivation, policy.zone, at=now) for lead in leads]
    await db_greetings.keep_plans(session, dealer_id, plans, at=now)
    if greeted := [each.lead for each in plans if each.greet]:
        await _greet(session, dealer_id, greeted, policy, now)
    return len(leads)


async def _greet(
    session: AsyncSession, dealer_id: UUID, leads: list[Candidate], policy: LeadPolicy, now: datetime
) -> None:
    signal = await _round(session, dealer_id, policy, now)
    rules = policy.reactivation.for_care()
    by_id = {
        reactivation_id(each.lead_id, signal.fingerprint, at=now): each for each in reactivate(leads, signal, rules)
    }
    await db_greetings.add(session, dealer_id, by_id, at=now, expires_at=now + rules.opportunity)
    await _count(session, signal, by_id)
    await publish(
        session,
        [
            facts.greeted(each, id_, dealer_id=dealer_id, at=now)
            for id_, each in by_id.items()
            if each.state is ReactivationState.ACTIVATED
        ],
    )


async def _round(session: AsyncSession, dealer_id: UUID, policy: LeadPolicy, now: datetime) -> MarketSignal:
    """The signal that stands for the day's greetings."""
    proposed = care_round(uuid7(), dealer_id, today=policy.today(now), at=now)
    return replace(proposed, id=await db_signals.add_round(session, proposed, Origin.now()))


async def _count(session: AsyncSession, signal: MarketSignal, by_id: Mapping[UUID, Reactivation]) -> None:
    counts = Counter(each.state for each in by_id.values())
    await db_signals.add_counts(
        session,
        signal,
        activated=counts[ReactivationState.ACTIVATED],
        held_out=counts[ReactivationState.HELD_OUT],
    )
