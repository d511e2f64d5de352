"""A sender's turn: what is to become of each due message, judged together because they share budgets."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from notification_service.domain.budget import Ask, Budget, BudgetKey, Move, admitted, moves
from notification_service.domain.decision import Send, Suppress, Verdict, Wait, judge
from notification_service.domain.deliveries import LEASE, Claimed
from notification_service.domain.local_time import local_date
from notification_service.domain.messages import Message, MessageState, Reason
from notification_service.domain.parties import Party, PartyKey, Permission, PersonKey
from notification_service.domain.policy import NotificationPolicy


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known at `now` about those whom the messages are for."""

    parties: Mapping[PartyKey, Party]
    unsubscribed: Mapping[PersonKey, frozenset[Permission]]
    policies: Mapping[UUID, NotificationPolicy]
    now: datetime
    undone: AbstractSet[UUID] = frozenset()
    """The messages about something that was undone."""

    def party(self, message: Message) -> Party | None:
        """Whom the message is for; none where nobody knows how to reach them."""
        return self.parties.get(PartyKey(message.dealer_id, message.party_id))

    def verdict(self, message: Message) -> Verdict:
        """Whether the message may go, the cap aside."""
        if message.message_id in self.undone:
            return Suppress(Reason.OVERTAKEN)
        party, policy = self.party(message), self.policies[message.dealer_id]
        unsubscribed = self.unsubscribed[party.person] if party else frozenset()
        return judge(message, party.contact if party else None, unsubscribed, policy, now=self.now)

    def day(self, message: Message, on_date: date | None = None) -> BudgetKey:
        """The budget the message counts for, today unless told otherwise. Its party is known."""
        party = self.parties[PartyKey(message.dealer_id, message.party_id)]
        return BudgetKey(*party.person, on_date or local_date(self.now, party.contact.zone))


@dataclass(frozen=True, slots=True)
class Places:
    """What a turn's messages want of budgets: places they keep, by message, places they give back and ask for."""

    kept: Mapping[UUID, BudgetKey]
    released: tuple[BudgetKey, ...]
    asks: tuple[Ask, ...]

    @property
    def keys(self) -> frozenset[BudgetKey]:
        """The budgets that may change."""
        return frozenset({*self.released, *(ask.key for ask in self.asks)})


@dataclass(frozen=True, slots=True)
class Granted:
    """The day on which each message with a place counts, and how the budgets move."""

    days: Mapping[UUID, date]
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """Where a turn leaves a message: sending until the lease ends, waiting until `wake_at`, or suppressed."""

    message: Message
    state: MessageState
    reason: Reason | None = None
    wake_at: datetime | None = None
    counted_on: date | None = None

    @property
    def suppressed_for(self) -> Reason | None:
        """Why it will never be sent; none where it may be."""
        return self.reason if self.state is MessageState.SUPPRESSED else None


def places(messages: Sequence[Message], verdicts: Mapping[UUID, Verdict], situation: Situation) -> Places:
    """What the messages want of budgets before anybody knows what is left.

    A message comes with a place when its sender died or its provider was away. It may have been
    delivered then, so it keeps the place as long as it may go and the day lasts.
    """
    held = {m.message_id: situation.day(m, m.counted_on) for m in messages if m.counted_on}
    limited = [m for m in messages if m.message_class.is_limited and isinstance(verdicts[m.message_id], Send)]
    wanted = {m.message_id: situation.day(m) for m in limited}
    kept = {i: key for i, key in held.items() if wanted.get(i) == key}
    return Places(
        kept=kept,
        released=tuple(key for i, key in held.items() if i not in kept),
        asks=tuple(
            Ask(m.message_id, wanted[m.message_id], m.priority, m.due_at) for m in limited if m.message_id not in kept
        ),
    )


def grant(wanted: Places, budgets: Mapping[BudgetKey, Budget], caps: Mapping[UUID, int]) -> Granted:
    """Give back what was released, then fill what is left of each day, the most important messages first."""
    left = {
        key: replace(budget, reserved=budget.reserved - wanted.released.count(key)).left(caps[key.dealer_id])
        for key, budget in budgets.items()
    }
    taken = admitted(wanted.asks, left)
    new = {ask.message_id: ask.key for ask in wanted.asks if ask.message_id in taken}
    days = {message_id: key.on_date for message_id, key in {**wanted.kept, **new}.items()}
    return Granted(days, moves(reserve=new.values(), release=wanted.released))


def decide(message: Message, verdict: Verdict, day: date | None, *, now: datetime) -> Decided:
    """Where the message stands after the turn, `day` being the one whose budget it has a place of."""
    match verdict:
        case Suppress(reason):
            return Decided(message, MessageState.SUPPRESSED, reason)
        case Wait(until, reason):
            return Decided(message, MessageState.WAITING, reason, wake_at=until)
        case Send():
            if message.message_class.is_limited and day is None:
                return Decided(message, MessageState.SUPPRESSED, Reason.CAPPED)
            return Decided(message, MessageState.SENDING, wake_at=now + LEASE, counted_on=day)


def claimed(decided: Decided, verdict: Verdict, situation: Situation) -> Claimed | None:
    """The message in the sender's hands; none where it does not go now."""
    party = situation.party(decided.message)
    if party is None or decided.state is not MessageState.SENDING or not isinstance(verdict, Send):
        return None
    message = replace(decided.message, counted_on=decided.counted_on)
    return Claimed(message, party.contact, verdict.channels, situation.policies[message.dealer_id].signature)
