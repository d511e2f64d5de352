"""Senders that claim, crash, fail and come late, in any order: nobody is told more than the cap."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

from baoke_chassis.database import Database
from baoke_chassis.testing import record_of
from baoke_chassis.worker import consumer_of
from baoke_events.ids import uuid7
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from notification_service.commands.claim_messages import claim_messages
from notification_service.commands.queue_message import QueueMessage, queue_message
from notification_service.commands.settle_messages import settle_messages
from notification_service.domain.deliveries import LEASE, Outcome, unanswered
from notification_service.domain.messages import Channel, MessageClass, MessageState, Reason
from sqlalchemy import text

CAP = 3
EMPTY = text("TRUNCATE message, contact_budget, outbox, stream_head")
BUDGETS = text("SELECT person_id, on_date, reserved, used FROM contact_budget")
STATES = text("SELECT party_id, state, counted_on IS NOT NULL, message_class FROM message")
WORDS = {"title": "通知", "text": "周六会员日。"}
WALK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Over a database, to shrink what fails takes longer than to read it."""


class Senders(RuleBasedStateMachine):
    """Any number of senders' turns are open at once; a turn ends well, badly, late or never.

    What is drawn does not ask how many there are, for that depends on which of two claims at once was first.
    """

    url, dealer, parties, noon = "", UUID(int=0), (), None

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.database = Database(self.url, service="notification-service")
        self.now = self.noon
        self.turns = []
        self.do(self.execute(EMPTY))

    def do(self, work):
        return self.runner.run(work)

    async def execute(self, statement):
        async with self.database.engine.begin() as connection:
            return await connection.execute(statement)

    @rule(who=st.integers(0, 1), class_=st.sampled_from(MessageClass), number=st.integers(1, 4))
    def ask(self, who, class_, number):
        command = QueueMessage(self.dealer, self.parties[who], class_, "notice", WORDS, (Channel.SMS,))

        async def work():
            async with self.database.begin() as session:
                for _ in range(number):
                    await queue_message(session, command, now=self.now)

        self.do(work())

    @rule(per_class=st.integers(1, 5))
    def claim(self, per_class):
        async def work():
            async with self.database.begin() as session:
                return await claim_messages(session, per_class=per_class, now=self.now)

        if (turn := self.do(work())).claimed:
            self.turns.append(turn)

    @rule(per_class=st.integers(1, 5))
    def two_claim_at_once(self, per_class):
        async def claim():
            async with self.database.begin() as session:
                return await claim_messages(session, per_class=per_class, now=self.now)

        async def both():
            return await asyncio.gather(claim(), claim())

        self.turns += [turn for turn in self.do(both()) if turn.claimed]

    @rule(which=st.integers(0, 9), ends=st.sampled_from(["sent", "refused", "unanswered", "unanswered"]))
    def settle(self, which, ends):
        """Also long after its lease has ended and somebody else has the messages in hand."""
        if not self.turns:
            return
        turn = self.turns.pop(which % len(self.turns))
        outcomes = [self.outcome(item.message, ends) for item in turn.claimed]

        async def work():
            async with self.database.begin() as session:
                await settle_messages(session, turn.claim_id, outcomes, now=self.now)

        self.do(work())

    def outcome(self, message, ends):
        if ends == "unanswered":
            return unanswered(message, Channel.SMS, now=self.now)
        state, reason = {"sent": (MessageState.SENT, None), "refused": (MessageState.FAILED, Reason.REFUSED)}[ends]
        return Outcome(message, state, Channel.SMS, reason, subject=None, text="…", template_version=1)

    @rule()
    def a_sender_dies(self):
        """Its messages come back when its lease ends."""
        if self.turns:
            self.turns.pop()

    @rule()
    def a_lease_passes(self):
        self.now += LEASE

    @invariant()
    def no_day_is_overdrawn_and_its_places_are_those_of_its_messages(self):
        messages = self.do(self.execute(STATES)).all()
        budgets = self.do(self.execute(BUDGETS)).all()
        counted = [(state, class_) for _, state, counts, class_ in messages if counts]
        assert all(class_ != MessageClass.TRANSACTIONAL for _, class_ in counted)
        assert all(0 <= reserved <= CAP - used for _, _, reserved, used in budgets)
        assert sum(used for *_, used in budgets) == sum(state == MessageState.SENT for state, _ in counted)
        held = sum(state in (MessageState.SENDING, MessageState.WAITING) for state, _ in counted)
        assert sum(reserved for _, _, reserved, _ in budgets) == held

    @invariant()
    def nobody_is_told_more_than_the_cap(self):
        sent = Counter(
            party
            for party, state, _, class_ in self.do(self.execute(STATES))
            if state == MessageState.SENT and class_ != MessageClass.TRANSACTIONAL
        )
        days = 1 + (self.now.date() - self.noon.date()) // timedelta(days=1)
        assert all(number <= CAP * days for number in sent.values())

    def teardown(self):
        self.do(self.database.close())
        self.runner.close()


async def test_senders_that_crash_and_come_late_never_exceed_the_cap(
    service, database, postgres, contact, no_quiet_hours, noon
):
    parties = [uuid7(), uuid7()]
    known = [contact(party, phone=f"+861380013800{n}") for n, party in enumerate(parties)]
    await consumer_of(service, database).process([record_of(event) for event in known])
    bound = {
        "url": postgres.url(service.package),
        "dealer": known[0].dealer_id,
        "parties": tuple(parties),
        "noon": noon,
    }
    machine = type("OnThisServer", (Senders,), bound)
    walk = settings(max_examples=20, stateful_step_count=40, phases=WALK)
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=walk)
