"""Relays that share, sleep, crash and fail in any order: nothing is lost, and each key is told in its order."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from baoke_chassis.database import Database
from baoke_events import LeadAssigned
from baoke_events.outbox import publish, slot_of
from baoke_events.relay import Relay
from baoke_events.transports import Delivery
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

RELAYS = range(2)
KEYS = [key for key in (UUID(int=number) for number in range(400)) if slot_of(str(key)) in (0, 33)][:5]
"""Few enough to collide, in slots that two relays share between them."""
EMPTY = text("TRUNCATE outbox, outbox_quarantine, stream_head, relay_lease, relay_member")
EXPIRE = "UPDATE {} SET expires_at = now() - interval '1 second' WHERE owner = :owner"

relays = st.sampled_from(RELAYS)
some_keys = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3)
WALK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Over a database, to shrink what fails takes longer than to read it."""


class Topics:
    """What one relay reaches the broker by: one log for all. It may be made to wait, or to fail."""

    system = "test"

    def __init__(self, log):
        self.log = log
        self.open = asyncio.Event()
        self.open.set()
        self.takes = None
        """How many records the broker takes of the next delivery; None: all."""
        self.answers = True
        """Whether the sender hears what became of the next delivery."""

    async def deliver(self, outgoing):
        await self.open.wait()
        taken, self.takes = list(outgoing)[: self.takes], None
        self.log += [(item.record.key, int(dict(item.record.headers)["ce_sequence"])) for item in taken]
        answers, self.answers = self.answers, True
        if not answers:
            raise ConnectionError("the answer was lost")
        return Delivery(acknowledged=taken)


class Relays(RuleBasedStateMachine):
    """Two replicas over one real outbox."""

    url = ""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.log = []
        self.published = dict.fromkeys(map(str, KEYS), 0)
        self.late = None
        """A transaction that has published and not committed: its context, session and keys."""
        self.passes = {}
        self.database = Database(self.url, service="sample-service", pool_size=12)
        self.replicas = {}
        self.do(self.execute(EMPTY))
        for number in RELAYS:
            self.begin_anew(number)

    def do(self, work):
        return self.runner.run(work)

    async def execute(self, statement, **values):
        async with self.database.engine.begin() as connection:
            await connection.execute(statement, values)

    def begin_anew(self, number):
        topics = Topics(self.log)
        self.replicas[number] = (Relay(self.database.engine, topics, service="sample-service"), topics)

    def free(self, keys):
        """Those of the keys that no open transaction has locked."""
        return [key for key in keys if self.late is None or key not in self.late[2]]

    def count(self, keys):
        for key in keys:
            self.published[str(key)] += 1

    @rule(keys=some_keys)
    def write(self, keys):
        async def work():
            async with self.database.begin() as session:
                await publish(session, [assigned(key) for key in self.free(keys)])

        self.do(work())
        self.count(self.free(keys))

    @precondition(lambda self: self.late is None)
    @rule(keys=some_keys)
    def write_and_hesitate(self, keys):
        """What others write meanwhile, in the same slots, has higher ids and commits earlier."""

        async def work():
            transaction = self.database.begin()
            session = await transaction.__aenter__()
            await publish(session, [assigned(key) for key in keys])
            return transaction, session, keys

        self.late = self.do(work())
        self.write(keys=KEYS)

    @precondition(lambda self: self.late is not None)
    @rule(commits=st.booleans())
    def make_up_its_mind(self, commits):
        transaction, session, keys = self.late
        self.late = None

        async def work():
            if not commits:
                await session.rollback()
            await transaction.__aexit__(None, None, None)

        self.do(work())
        self.count(keys if commits else [])

    @rule(number=relays, renews=st.booleans(), times=st.integers(1, 3))
    def carry(self, number, renews, times):
        if number in self.passes:
            return
        relay, _ = self.replicas[number]
        if renews:
            relay._renew_at = 0
        for _ in range(times):
            self.do(carried(relay))

    @rule(number=relays, takes=st.integers(0, 3), answers=st.booleans())
    def carry_to_a_broker_that_fails(self, number, takes, answers):
        """It takes some of the records only, or takes them and cannot say so."""
        topics = self.replicas[number][1]
        topics.takes, topics.answers = takes if answers else None, answers
        self.carry(number=number, renews=False, times=1)

    @rule(number=relays)
    def fall_asleep_while_sending(self, number):
        if number in self.passes:
            return
        relay, topics = self.replicas[number]

        async def work():
            topics.open.clear()
            task = asyncio.create_task(carried(relay))
            await asyncio.wait([task], timeout=0.05)
            return task

        self.passes[number] = self.do(work())

    @precondition(lambda self: self.passes)
    @rule(number=relays)
    def wake_up(self, number):
        if number in self.passes:
            self.replicas[number][1].open.set()
            self.do(finished(self.passes.pop(number)))

    @precondition(lambda self: self.passes)
    @rule(number=relays)
    def crash_while_sending(self, number):
        """What its lease holds stays held until it expires."""
        if number in self.passes:
            task = self.passes.pop(number)
            task.cancel()
            self.do(finished(task))
            self.begin_anew(number)

    @rule(number=relays)
    def a_lease_expires(self, number):
        owner = self.replicas[number][0]._leases.owner
        for table in ("relay_lease", "relay_member"):
            self.do(self.execute(text(EXPIRE.format(table)), owner=owner))

    @invariant()
    def each_key_is_told_in_order_at_first(self):
        told = {}
        for key, sequence in self.log:
            assert sequence <= told.get(key, 0) + 1, f"{key}: {sequence} after {told.get(key, 0)}"
            told[key] = max(told.get(key, 0), sequence)

    def teardown(self):
        """Let everybody finish; then one relay must find all that is left."""
        try:
            if self.late:
                self.make_up_its_mind(commits=True)
            for number in list(self.passes):
                self.wake_up(number)
            self.do(self.execute(text("DELETE FROM relay_lease")))
            self.do(self.execute(text("DELETE FROM relay_member")))
            for relay, topics in self.replicas.values():
                topics.takes, topics.answers, relay._renew_at = None, True, 0
            for _ in range(2):
                for relay, _ in self.replicas.values():
                    self.do(relay._renew_leases())
                    relay._renew_at = 0
            for relay, _ in self.replicas.values():
                while self.do(relay.carry()) != (0, 0):
                    pass
            self.each_key_is_told_in_order_at_first()
            assert {key: max(s for k, s in self.log if k == key) for key, _ in self.log} == {
                key: number for key, number in self.published.items() if number
            }
        finally:
            self.do(self.database.close())
            self.runner.close()


def assigned(lead_id):
    return LeadAssigned(
        dealer_id=KEYS[0], occurred_at=datetime.now(UTC), lead_id=lead_id, store_id=KEYS[0], advisor_id=KEYS[0]
    )


async def carried(relay):
    """One pass, which may fail as a relay's `run` survives it."""
    with suppress(ConnectionError):
        await relay.carry()


async def finished(task):
    await asyncio.gather(task, return_exceptions=True)


def test_relays_that_share_sleep_and_crash_lose_nothing_and_keep_each_keys_order(service, database, postgres):
    machine = type("OnThisServer", (Relays,), {"url": postgres.url(service.package)})
    run_state_machine_as_test(machine, settings=settings(max_examples=15, stateful_step_count=25, phases=WALK))


async def test_a_mark_does_not_pass_what_was_read_by_somebody_else(database):
    """A slot that came and went and came back is read from where it was last read, not from where it was left."""
    log = []
    one, two = (Relay(database.engine, Topics(log), service="sample-service") for _ in range(2))
    late, early = [key for key in KEYS if slot_of(str(key)) == 33][:2]
    async with database.begin() as slow:
        await publish(slow, [assigned(late)])
        async with database.begin() as quick:
            await publish(quick, [assigned(early)])
        await one.carry()
        await two._leases.renew()
        one._renew_at = 0
        await one.carry()
        assert 33 not in one._leases.slots
    await one.carry()
    await two._leases.release()
    one._renew_at = 0

    await one.carry()

    assert log == [(str(early), 1), (str(late), 1)]
