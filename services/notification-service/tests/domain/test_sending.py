"""A sender's turn over messages that share budgets."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from notification_service.domain.budget import Budget, BudgetKey
from notification_service.domain.decision import Send
from notification_service.domain.messages import Channel, Message, MessageClass, MessageState, Reason
from notification_service.domain.parties import Contact, Party, PartyKey, Permission
from notification_service.domain.policy import NotificationPolicy
from notification_service.domain.sending import Situation, decide, grant, places

DEALER, LI = UUID(int=1), UUID(int=2)
NOON = datetime(2026, 5, 1, 4, 0, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 5, 1), date(2026, 4, 30)
BY_SMS = frozenset({Permission("marketing", "sms"), Permission("service", "sms")})
CONTACT = Contact(DEALER, LI, "customer", 1, "李雷", phone="+8613800138000", granted=BY_SMS)
PARTY = Party(CONTACT, LI)
SITUATION = Situation({PartyKey(DEALER, LI): PARTY}, {PARTY.person: frozenset()}, {DEALER: NotificationPolicy()}, NOON)

classes = st.sampled_from(MessageClass)
days = st.sampled_from([None, YESTERDAY, TODAY])
rows = st.lists(st.tuples(classes, st.integers(0, 100), days), max_size=12)


def message(number: int, message_class: MessageClass, priority: int, counted_on: date | None) -> Message:
    return Message(
        dealer_id=DEALER,
        message_id=UUID(int=100 + number),
        party_id=LI,
        journey=None,
        message_class=message_class,
        priority=priority,
        template="notice",
        data={},
        channels=(Channel.SMS,),
        occurred_at=NOON,
        due_at=NOON + timedelta(seconds=number),
        counted_on=counted_on if message_class.is_limited else None,
    )


@given(rows, st.integers(0, 4), st.integers(0, 3))
def test_a_turn_keeps_to_the_cap_whatever_was_held_used_and_asked(
    rows: list[tuple[MessageClass, int, date | None]], used: int, cap: int
) -> None:
    messages = [message(number, *row) for number, row in enumerate(rows)]
    held = Counter(m.counted_on for m in messages if m.counted_on)
    budgets = {BudgetKey(DEALER, LI, day): Budget(reserved=held[day], used=used) for day in (TODAY, YESTERDAY)}
    verdicts = {m.message_id: Send((Channel.SMS,)) for m in messages}

    wanted = places(messages, verdicts, SITUATION)
    granted = grant(wanted, {key: budgets[key] for key in wanted.keys}, {DEALER: cap})
    decided = [decide(m, Send((Channel.SMS,)), granted.days.get(m.message_id), now=NOON) for m in messages]

    moved = {move.key: move.reserved for move in granted.moves}
    after = {day: held[day] + moved.get(BudgetKey(DEALER, LI, day), 0) for day in (TODAY, YESTERDAY)}
    going = [d for d in decided if d.state is MessageState.SENDING and d.message.message_class.is_limited]
    assert after == {TODAY: len(going), YESTERDAY: 0}
    assert len(going) <= max(cap - used, held[TODAY], 0)
    assert {d.reason for d in decided if d.state is MessageState.SUPPRESSED} <= {Reason.CAPPED}


@given(rows)
def test_what_holds_a_place_of_today_keeps_it(rows: list[tuple[MessageClass, int, date | None]]) -> None:
    messages = [message(number, *row) for number, row in enumerate(rows)]
    verdicts = {m.message_id: Send((Channel.SMS,)) for m in messages}

    wanted = places(messages, verdicts, SITUATION)

    assert wanted.kept.keys() == {m.message_id for m in messages if m.counted_on == TODAY}


@given(st.integers(0, 100))
def test_a_transactional_message_asks_for_no_place(priority: int) -> None:
    booking = message(1, MessageClass.TRANSACTIONAL, priority, None)

    wanted = places([booking], {booking.message_id: Send((Channel.SMS,))}, SITUATION)

    assert wanted.keys == frozenset()
    assert decide(booking, Send((Channel.SMS,)), None, now=NOON).state is MessageState.SENDING
