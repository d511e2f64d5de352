"""Held referrals are paid to both sides, after a last look at the evidence."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_events.event import Event
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands import referral_events
from loyalty_service.commands.assess_tiers import assess_tiers
from loyalty_service.commands.award_points import give_promised_points, take_back_promised_points
from loyalty_service.commands.enrol_members import open_accounts
from loyalty_service.commands.issue_vouchers import IssueVoucher, issue_vouchers
from loyalty_service.db import activities as db_activities
from loyalty_service.db import evidence as db_evidence
from loyalty_service.db import referrals as db_referrals
from loyalty_service.db.referrals import Told
from loyalty_service.db.rows import Key
from loyalty_service.domain.awards import Rule
from loyalty_service.domain.referrals import Side, pay, sides, void, void_reason
from loyalty_service.domain.tiers import ActivityKind
from loyalty_service.domain.vouchers import Voucher, VoucherSource


async def pay_referrals(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Up to `limit` referrals whose hold is over are paid or void; return how many they were."""
    due = await db_referrals.lock_due(session, now=now, limit=limit)
    await publish(session, await settle_referrals(session, due, now=now))
    return len(due)


async def settle_referrals(session: AsyncSession, held: Sequence[Told], *, now: datetime) -> list[Event]:
    """Each held referral, locked by the caller, is paid to both sides, or void if that must not be."""
    if not held:
        return []
    evidence = await db_evidence.of(session, [told.referral for told in held])
    refused: list[Told] = []
    honest: list[Told] = []
    for told in held:
        if reason := void_reason(evidence[told.referral.id]):
            refused.append(replace(told, referral=void(told.referral, reason, at=now)))
        else:
            honest.append(replace(told, referral=pay(told.referral, at=now)))
    await db_referrals.save(session, [*refused, *honest])
    await take_back_promised_points(session, Rule.REFERRAL, [_fact(told) for told in refused])
    voided = [event for told in refused for event in referral_events.voided(told, now=now)]
    return [*voided, *await _reward(session, honest, now=now)]


async def _reward(session: AsyncSession, paid: Sequence[Told], *, now: datetime) -> list[Event]:
    """Points and a voucher for each side; the deed counts for the referrer's tier."""
    if not paid:
        return []
    people = {(told.referral.dealer_id, who): told.origin for told in paid for _, who in sides(told.referral)}
    accounts, enrolled = await open_accounts(session, people, now=now)
    facts = {_fact(told): told.origin for told in paid}
    earned = await give_promised_points(session, Rule.REFERRAL, facts, accounts, now=now)
    vouchers, issued = await issue_vouchers(session, [order for told in paid for order in _orders(told)], now=now)
    of_referral: dict[UUID, dict[UUID, Voucher]] = defaultdict(dict)
    for voucher in vouchers:
        of_referral[voucher.source_id][voucher.customer_id] = voucher
    rewarded = [e for told in paid for e in referral_events.paid(told, of_referral[told.referral.id], now=now)]
    await db_activities.add(session, [deed for told in paid for deed in _deeds(told, now)])
    return [*enrolled, *earned, *issued, *rewarded, *await assess_tiers(session, people, now=now)]


def _fact(told: Told) -> Key:
    return told.referral.dealer_id, told.referral.reward_fact


def _orders(told: Told) -> list[IssueVoucher]:
    referral = told.referral
    if not referral.terms.voucher.value_cents:
        return []
    return [
        IssueVoucher(referral.dealer_id, who, referral.terms.voucher, VoucherSource.REFERRAL, referral.id, told.origin)
        for _, who in sides(referral)
    ]


def _deeds(told: Told, now: datetime) -> list[db_activities.Deed]:
    referral = told.referral
    return [
        db_activities.Deed(referral.dealer_id, who, referral.reward_fact, ActivityKind.REFERRAL, 0, now)
        for side, who in sides(referral)
        if side is Side.REFERRER
    ]
