"""Greeting lost leads by the clock, where no signal speaks to them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.consuming import Origin
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import greetings as db_greetings
from lead_service.db import signals as db_signals
from lead_service.domain.greeting import Neglected, plan
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.reactivation import Candidate, Reactivation, ReactivationState, reactivate, reactivation_id
from lead_service.domain.signal import MarketSignal, care_round

BATCH = 500
"""Leads looked at in one transaction."""


RETRY_AFTER = timedelta(hours=1)
"""Leads of a dealer whose greeting failed let those of others pass for so long."""


class GreetingFailed(Exception):
    """Leads of a dealer were not greeted."""

    def __init__(self, dealer_id: UUID, lead_ids: Sequence[UUID]) -> None:
        self.dealer_id, self.lead_ids = dealer_id, lead_ids
        super().__init__(f"{len(lead_ids)} lost leads of dealer {dealer_id} were not greeted")


async def greet_lost_leads(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` leads whose greeting is due are greeted, held out, or have their turn later. Answers how many.

    A day's greetings of a dealer are one signal, which says how many they were.

    Raises:
        GreetingFailed: the batch is to be rolled back, and the leads put off.
    """
    due = await db_greetings.lock_due(session, now=now, limit=BATCH)
    for dealer_id, leads in due:
        try:
            await _take_turns(session, dealer_id, leads, now)
        except Exception as error:
            raise GreetingFailed(dealer_id, [lead.candidate.lead_id for lead in leads]) from error
    return sum(len(leads) for _, leads in due)


async def put_off_greetings(session: AsyncSession, dealer_id: UUID, lead_ids: Sequence[UUID], *, now: datetime) -> None:
    """The leads, whose greeting failed, have their turn later, so that those of other dealers have theirs."""
    await db_greetings.put_off(session, dealer_id, lead_ids, until=now + RETRY_AFTER)


async def _take_turns(session: AsyncSession, dealer_id: UUID, leads: Sequence[Neglected], now: datetime) -> None:
    policy = await rules_of(session, dealer_id, LeadPolicy)
    plans = [plan(lead, policy.reactivation, policy.zone, at=now) for lead in leads]
    await db_greetings.keep_plans(session, dealer_id, plans, at=now)
    if greeted := [each.lead for each in plans if each.greet]:
        await _greet(session, dealer_id, greeted, policy, now)


async def _greet(
    session: AsyncSession, dealer_id: UUID, leads: list[Candidate], policy: LeadPolicy, now: datetime
) -> None:
    signal = await _round(session, dealer_id, policy, now)
    rules = policy.reactivation.for_care()
    by_id = {reactivation_id(each.lead_id, signal, at=now): each for each in reactivate(leads, signal, rules)}
    await db_greetings.add(session, signal, by_id, rules, at=now)
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
