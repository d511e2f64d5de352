"""Referrals go on as soon as all that decides is known, whichever fact came last."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.event import Event
from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands import referral_events
from loyalty_service.commands.award_points import Grant, promise_points
from loyalty_service.commands.pay_referrals import settle_referrals
from loyalty_service.db import evidence as db_evidence
from loyalty_service.db import referrals as db_referrals
from loyalty_service.db.referrals import Told
from loyalty_service.db.rows import Key
from loyalty_service.domain.awards import Rule
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.referrals import Evidence, hold, missing, sides, void, void_reason


async def advance_referrals(session: AsyncSession, leads: Mapping[Key, Origin], *, now: datetime) -> list[Event]:
    """Every referral of these leads is where its evidence puts it: waiting, void, held or paid.

    The caller has locked what it told of: the leads' purchases and parties, or the parties whose
    contact it noted. Referrals are locked before their evidence is read, so that of two transactions
    that each bring a missing piece the later one sees both.
    """
    undecided = await db_referrals.lock_undecided(session, leads)
    evidence = await db_evidence.of(session, undecided)
    refused: list[Told] = []
    ready: list[Told] = []
    for referral in undecided:
        told = Told(referral, leads[referral.dealer_id, referral.lead_id])
        if reason := void_reason(evidence[referral.id]):
            if reason is not referral.void_reason:
                refused.append(replace(told, referral=void(referral, reason, at=now)))
        elif not missing(evidence[referral.id]):
            ready.append(told)
    await db_referrals.save(session, refused)
    voided = [event for told in refused for event in referral_events.voided(told, now=now)]
    return [*voided, *await _qualify(session, ready, evidence, now=now)]


async def _qualify(
    session: AsyncSession, ready: Sequence[Told], evidence: Mapping[UUID, Evidence], *, now: datetime
) -> list[Event]:
    """Promise both sides their points; where there is no hold, pay at once."""
    if not ready:
        return []
    policies = await policy_of(session, {told.referral.dealer_id for told in ready}, LoyaltyPolicy)
    held: list[Told] = []
    for told in ready:
        pay_at = now + timedelta(days=policies[told.referral.dealer_id].referral.hold_days)
        held.append(replace(told, referral=hold(told.referral, evidence[told.referral.id], at=now, pay_at=pay_at)))
    await db_referrals.save(session, held)
    enrolled = await promise_points(session, [grant for told in held for grant in _grants(told, now)], now=now)
    qualified = [event for told in held for event in referral_events.qualified(told, now=now)]
    due = [told for told in held if told.referral.pay_at == now]
    return [*enrolled, *qualified, *await settle_referrals(session, due, now=now)]


def _grants(told: Told, now: datetime) -> list[Grant]:
    referral = told.referral
    return [
        Grant(
            referral.dealer_id,
            who,
            Rule.REFERRAL,
            referral.reward_fact,
            referral.terms.points,
            now,
            told.origin,
        )
        for _, who in sides(referral)
    ]
