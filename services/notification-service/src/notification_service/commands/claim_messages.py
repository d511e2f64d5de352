"""Take due messages in hand: decide which may go now, and reserve their places in the day's budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import suppressed
from notification_service.db import budgets as db_budgets
from notification_service.db import messages as db_messages
from notification_service.db import parties as db_parties
from notification_service.db import suppressions as db_suppressions
from notification_service.db.messages import Decided
from notification_service.domain.budget import Ask, BudgetKey, admitted, moves
from notification_service.domain.decision import Send, Suppress, Verdict, Wait, judge
from notification_service.domain.deliveries import LEASE, Claimed
from notification_service.domain.local_time import local_date
from notification_service.domain.messages import Message, MessageState, Reason
from notification_service.domain.parties import Party, PartyKey, Permission, PersonKey
from notification_service.domain.policy import NotificationPolicy


@dataclass(frozen=True, slots=True)
class Claim:
    """A sender's turn: what it is to deliver before its lease ends, and at how many messages it looked."""

    claim_id: UUID
    claimed: tuple[Claimed, ...]
    seen: int


@dataclass(frozen=True, slots=True)
class _Situation:
    """What is known at `now` about those whom the messages are for."""

    parties: Mapping[PartyKey, Party]
    unsubscribed: Mapping[PersonKey, frozenset[Permission]]
    policies: Mapping[UUID, NotificationPolicy]
    now: datetime

    def party(self, message: Message) -> Party | None:
        return self.parties.get(PartyKey(message.dealer_id, message.party_id))

    def judge(self, message: Message) -> Verdict:
        party, policy = self.party(message), self.policies[message.dealer_id]
        unsubscribed = self.unsubscribed[party.person] if party else frozenset()
        return judge(message, party.contact if party else None, unsubscribed, policy, now=self.now)

    def day(self, message: Message, on_date: date | None = None) -> BudgetKey:
        """The budget the message counts for, today unless told otherwise. Its party is known."""
        party = self.parties[PartyKey(message.dealer_id, message.party_id)]
        return BudgetKey(*party.person, on_date or local_date(self.now, party.contact.zone))


async def claim_messages(session: AsyncSession, *, per_class: int, now: datetime) -> Claim:
    """Up to `per_class` due messages of each class are decided on; those that may go are the claim's.

    The others wait, with the reason, or are suppressed, and `MessageSuppressed` says why. Places
    in a day's budget go to the more important messages first, and never beyond the dealer's cap.
    """
    claim_id = uuid7()
    messages = await db_messages.lock_due(session, per_class=per_class, now=now)
    if not messages:
        return Claim(claim_id, (), 0)
    situation = await _load(session, messages, now)
    verdicts = {m.message_id: situation.judge(m) for m in messages}
    days = await _reserve(session, messages, verdicts, situation)
    decided = [_decided(m, verdicts[m.message_id], days.get(m.message_id), now) for m in messages]
    await db_messages.decide(session, decided, claim_id=claim_id, now=now)
    await publish(session, [suppressed(d.message, r, now=now) for d in decided if (r := d.suppressed_for)])
    return Claim(claim_id, _claimed(decided, verdicts, situation), len(messages))


async def _load(session: AsyncSession, messages: Sequence[Message], now: datetime) -> _Situation:
    parties = await db_parties.reachable(session, {PartyKey(m.dealer_id, m.party_id) for m in messages})
    unsubscribed = await db_suppressions.of_persons(session, {p.person for p in parties.values()})
    policies = await policy_of(session, {m.dealer_id for m in messages}, NotificationPolicy)
    return _Situation(parties, unsubscribed, policies, now)


async def _reserve(
    session: AsyncSession, messages: Sequence[Message], verdicts: Mapping[UUID, Verdict], situation: _Situation
) -> dict[UUID, date]:
    """The day on which each message that got a place counts; the places others held are given back.

    A message comes with a place when its sender died or its provider was away. It may have been
    delivered, so it keeps the place as long as the day lasts.
    """
    held = {m.message_id: situation.day(m, m.counted_on) for m in messages if m.counted_on}
    wanted = {
        m.message_id: situation.day(m)
        for m in messages
        if m.message_class.is_limited and isinstance(verdicts[m.message_id], Send)
    }
    kept = {i for i, key in held.items() if wanted.get(i) == key}
    asks = [
        Ask(m.message_id, wanted[m.message_id], m.priority, m.due_at)
        for m in messages
        if m.message_id in wanted.keys() - kept
    ]
    release = [key for i, key in held.items() if i not in kept]
    taken = await _take(session, asks, release, situation)
    return {i: wanted[i].on_date for i in kept | taken}


async def _take(
    session: AsyncSession, asks: Sequence[Ask], release: Sequence[BudgetKey], situation: _Situation
) -> frozenset[UUID]:
    """The ids of the asks that got a place, of which `release` gives some back first."""
    budgets = await db_budgets.lock(session, {*release, *(ask.key for ask in asks)})
    left = {
        key: replace(budget, reserved=budget.reserved - release.count(key)).left(
            situation.policies[key.dealer_id].cap_per_day
        )
        for key, budget in budgets.items()
    }
    taken = admitted(asks, left)
    await db_budgets.apply(session, moves(reserve=[a.key for a in asks if a.message_id in taken], release=release))
    return taken


def _decided(message: Message, verdict: Verdict, day: date | None, now: datetime) -> Decided:
    match verdict:
        case Suppress(reason):
            return Decided(message, MessageState.SUPPRESSED, reason)
        case Wait(until, reason):
            return Decided(message, MessageState.WAITING, reason, wake_at=until)
        case Send():
            if message.message_class.is_limited and day is None:
                return Decided(message, MessageState.SUPPRESSED, Reason.CAPPED)
            return Decided(message, MessageState.SENDING, wake_at=now + LEASE, counted_on=day)


def _claimed(
    decided: Sequence[Decided], verdicts: Mapping[UUID, Verdict], situation: _Situation
) -> tuple[Claimed, ...]:
    return tuple(
        Claimed(
            replace(d.message, attempts=d.message.attempts + 1, counted_on=d.counted_on),
            situation.parties[PartyKey(d.message.dealer_id, d.message.party_id)].contact,
            verdict.channels,
            situation.policies[d.message.dealer_id].signature,
        )
        for d in decided
        if d.state is MessageState.SENDING and isinstance(verdict := verdicts[d.message.message_id], Send)
    )
