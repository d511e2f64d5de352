"""Repeats, poison, parking and replays in any order: each event has its effect once, each key's in its order."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from baoke_chassis.database import Database
from baoke_events import LeadStageChanged
from baoke_events.consuming import Consumer, Subscriptions
from baoke_events.envelope import encode
from baoke_events.ids import uuid7
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import text

KEYS = [UUID(int=number) for number in range(1, 5)]
OWNERS = ("rightful", "stale")
EMPTY = text("TRUNCATE heard, inbox, parked_event, outbox, stream_head")
HEAR = text("INSERT INTO heard (lead_id, what) VALUES (:lead_id, :what)")
HEARD = text("SELECT lead_id, what FROM heard ORDER BY place")

keys = st.sampled_from(KEYS)
owners = st.sampled_from(OWNERS)
WALK = (Phase.explicit, Phase.reuse, Phase.generate)
"""Over a database, to shrink what fails takes longer than to read it."""


class Partition(RuleBasedStateMachine):
    """One partition with two owners, of whom each reads in order from an offset of its own."""

    url = ""

    def __init__(self):
        super().__init__()
        self.runner = asyncio.Runner()
        self.records, self.poison = [], set()
        self.offsets = dict.fromkeys(OWNERS, 0)
        self.database_fails = False
        self.database = Database(self.url, service="sample-service")
        self.do(self.execute(EMPTY))
        subscriptions = Subscriptions()
        subscriptions.on(LeadStageChanged)(self.hear)
        self.consumer = Consumer("machine", subscriptions, self.begin)

    def do(self, work):
        return self.runner.run(work)

    async def execute(self, statement):
        async with self.database.engine.begin() as connection:
            return await connection.execute(statement)

    @asynccontextmanager
    async def begin(self):
        """A transaction whose commit may fail, as when the database goes away in the middle."""
        async with self.database.begin() as session:
            yield session
            if self.database_fails:
                self.database_fails = False
                raise ConnectionError("away")

    async def hear(self, session, events, *, now):
        if any(event.id in self.poison for event in events):
            raise ValueError("nobody understands this")
        await session.execute(HEAR, [{"lead_id": event.lead_id, "what": str(event.id)} for event in events])

    async def take(self, owner, number):
        """The owner handles its next `number` records, and commits its offset if that worked."""
        batch = self.records[self.offsets[owner] : self.offsets[owner] + number]
        try:
            await self.consumer.process([record for _, record in batch])
        except ConnectionError:
            return
        self.offsets[owner] += len(batch)

    @rule(key=keys, is_poison=st.sampled_from([False, False, False, True]))
    def something_happens(self, key, is_poison):
        event = LeadStageChanged(
            id=uuid7(),
            dealer_id=KEYS[0],
            occurred_at=datetime.now(UTC),
            lead_id=key,
            store_id=KEYS[0],
            from_stage="new",
            to_stage="visited",
        )
        self.records.append((event, encode(event, service="lead-service")))
        if is_poison:
            self.poison.add(event.id)

    @rule(owner=owners, number=st.integers(1, 8))
    def deliver(self, owner, number):
        self.do(self.take(owner, number))

    @rule(numbers=st.tuples(st.integers(1, 8), st.integers(1, 8)))
    def deliver_to_both_at_once(self, numbers):
        async def both():
            await asyncio.gather(*(self.take(owner, number) for owner, number in zip(OWNERS, numbers, strict=True)))

        self.do(both())

    @rule(owner=owners, records=st.integers(1, 12))
    def begin_again_before_what_was_committed(self, owner, records):
        self.offsets[owner] = max(0, self.offsets[owner] - records)

    @rule()
    def the_database_fails_once(self):
        self.database_fails = True

    @precondition(lambda self: self.poison)
    @rule(data=st.data())
    def a_release_understands_one_more(self, data):
        self.poison.remove(data.draw(st.sampled_from(sorted(self.poison))))

    @rule(key=st.none() | keys)
    def replay(self, key):
        self.do(self.replayed(key))

    @rule(number=st.integers(1, 8))
    def replay_beside_a_delivery(self, number):
        async def both():
            await asyncio.gather(self.replayed(None), self.take("rightful", number))

        self.do(both())

    async def replayed(self, key):
        try:
            await self.consumer.replay(key=str(key) if key else None)
        except ConnectionError:
            self.database_fails = False

    @invariant()
    def each_keys_effects_are_the_beginning_of_its_story(self):
        heard = {key: [] for key in KEYS}
        for lead_id, what in self.do(self.execute(HEARD)):
            heard[lead_id].append(what)
        for key, effects in heard.items():
            assert effects == self.story_of(key)[: len(effects)]

    def story_of(self, key):
        return [str(event.id) for event, _ in self.records if event.lead_id == key]

    def teardown(self):
        """When everything is understood and delivered, everything has had its effect and nothing is parked."""
        try:
            self.poison.clear()
            self.database_fails = False
            for owner in OWNERS:
                self.do(self.take(owner, len(self.records)))
            self.do(self.consumer.replay())
            heard = [tuple(row) for row in self.do(self.execute(HEARD))]
            for key in KEYS:
                assert [what for lead_id, what in heard if lead_id == key] == self.story_of(key)
            assert self.do(self.execute(text("SELECT count(*) FROM parked_event"))).scalar() == 0
        finally:
            self.do(self.database.close())
            self.runner.close()


def test_each_event_has_its_effect_once_and_in_its_keys_order(service, database, postgres):
    machine = type("OnThisServer", (Partition,), {"url": postgres.url(service.package)})
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=30, phases=WALK))
