"""Facts become points: at once, or promised first and given when a hold is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import PointsEarned
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.enrol_members import open_accounts
from loyalty_service.commands.envelopes import envelope
from loyalty_service.db import awards as db_awards
from loyalty_service.db import ledger as db_ledger
from loyalty_service.db.rows import Key
from loyalty_service.domain.awards import Award, AwardState, Rule, life_from
from loyalty_service.domain.ledger import Account, Posted, credit
from loyalty_service.domain.policy import LoyaltyPolicy


@dataclass(frozen=True, slots=True)
class Grant:
    """Points for one fact. Zero points still make the customer a member."""

    dealer_id: UUID
    customer_id: UUID
    rule: Rule
    source_event_id: UUID
    points: int
    earned_at: datetime
    origin: Origin


Policies = Mapping[UUID, LoyaltyPolicy]


async def award_points(session: AsyncSession, grants: Sequence[Grant], *, now: datetime) -> list[Event]:
    """Every fact is rewarded once; return `PointsEarned` for each that was not rewarded before."""
    if not grants:
        return []
    policies = await policy_of(session, {g.dealer_id for g in grants}, LoyaltyPolicy)
    origins = {(g.dealer_id, g.customer_id): g.origin for g in grants}
    accounts, enrolled = await open_accounts(session, origins, now=now)
    new = await db_awards.add(session, [_award(g, policies[g.dealer_id]) for g in grants if g.points])
    return [*enrolled, *await _credit(session, accounts, new, _stories(grants), now=now)]


async def promise_points(session: AsyncSession, grants: Sequence[Grant], *, now: datetime) -> list[Event]:
    """Every fact's points are pending; return what enrolling the members caused."""
    if not grants:
        return []
    policies = await policy_of(session, {g.dealer_id for g in grants}, LoyaltyPolicy)
    _, enrolled = await open_accounts(session, {(g.dealer_id, g.customer_id): g.origin for g in grants}, now=now)
    awards = [_award(g, policies[g.dealer_id]) for g in grants if g.points]
    await db_awards.add(session, [replace(award, state=AwardState.PENDING, life=None) for award in awards])
    return enrolled


async def give_promised_points(
    session: AsyncSession, rule: Rule, facts: Mapping[Key, Origin], accounts: Mapping[Key, Account], *, now: datetime
) -> list[Event]:
    """What was promised for these (dealer, source event) can be spent; return `PointsEarned` for each.

    `accounts` are those of all the members concerned, locked.
    """
    promised = await db_awards.pending(session, rule, facts)
    policies = await policy_of(session, {award.dealer_id for award in promised}, LoyaltyPolicy)
    given = [
        replace(award, state=AwardState.ACTIVE, life=life_from(now, policies[award.dealer_id])) for award in promised
    ]
    await db_awards.activate(session, given)
    return await _credit(session, accounts, given, facts, now=now)


async def take_back_promised_points(session: AsyncSession, rule: Rule, facts: Iterable[Key]) -> None:
    """What was promised for these (dealer, source event) will not be given."""
    await db_awards.reverse(session, await db_awards.pending(session, rule, facts))


async def _credit(
    session: AsyncSession,
    accounts: Mapping[Key, Account],
    awards: Sequence[Award],
    stories: Mapping[Key, Origin],
    *,
    now: datetime,
) -> list[Event]:
    """Post the awards to the locked accounts, each member's one after the other."""
    standing = dict(accounts)
    posted: list[Posted] = []
    for award in awards:
        key = (award.dealer_id, award.customer_id)
        step = credit(standing[key], award.id, award.points, entry_id=uuid7(), reason=award.rule)
        standing[key] = step.account
        posted.append(step)
    await db_ledger.save(session, posted, recorded_at=now)
    return [
        _earned(award, step, stories[award.dealer_id, award.source_event_id], now)
        for award, step in zip(awards, posted, strict=True)
    ]


def _award(grant: Grant, policy: LoyaltyPolicy) -> Award:
    return Award(
        id=uuid7(),
        dealer_id=grant.dealer_id,
        customer_id=grant.customer_id,
        programme=policy.programme,
        rule=grant.rule,
        source_event_id=grant.source_event_id,
        points=grant.points,
        state=AwardState.ACTIVE,
        life=life_from(grant.earned_at, policy),
    )


def _earned(award: Award, posted: Posted, origin: Origin, now: datetime) -> PointsEarned:
    return PointsEarned(
        **envelope(award.dealer_id, origin, now),
        customer_id=award.customer_id,
        award_id=award.id,
        points=award.points,
        rule=award.rule,
        source_event_id=award.source_event_id,
        balance=posted.account.balance,
        expires_on=award.life.expires_on if award.life else None,
    )


def _stories(grants: Sequence[Grant]) -> dict[Key, Origin]:
    return {(g.dealer_id, g.source_event_id): g.origin for g in grants}
