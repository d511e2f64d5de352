"""The relay and the embedded transport: what is committed arrives, once, in order, whatever fails meanwhile."""

import asyncio
import json
from uuid import uuid4

import pytest
from baoke_chassis.worker import Worker
from baoke_events.outbox import publish, slot_of
from baoke_events.relay import Relay
from baoke_events.transports.embedded import EmbeddedTransport
from sqlalchemy import text


class Told(EmbeddedTransport):
    """Remembers what it was handed."""

    def __init__(self):
        super().__init__()
        self.records = []

    async def deliver(self, outgoing):
        self.records += [item.record for item in outgoing]
        return await super().deliver(outgoing)

    def stages_of(self, lead):
        return [json.loads(record.value)["to_stage"] for record in self.records if record.key == str(lead)]


@pytest.fixture
def told():
    return Told()


def two_of_one_slot():
    """Two leads whose events share a slot of the outbox."""
    one = uuid4()
    return one, next(other for other in iter(uuid4, None) if slot_of(str(other)) == slot_of(str(one)))


async def until(true, *, for_s=120):
    async with asyncio.timeout(for_s):
        while not await true():
            await asyncio.sleep(0.02)


async def test_what_is_committed_arrives_in_order(service, database, transport, stage_of, heard):
    worker = Worker(service, database, transport)
    await worker.start()
    lead = uuid4()
    stages = ["contacted", "visited", "negotiating"]

    for stage in stages:
        async with database.begin() as session:
            await publish(session, [stage_of(lead, stage)])

    async def arrived():
        return await heard(lead) == stages

    await until(arrived)
    await worker.stop()

    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM outbox")) == 0


async def test_a_consumer_that_fails_gets_the_same_again_and_blocks_nobody_else(
    service, database, transport, stage_of, heard
):
    failures = [ConnectionError("away"), ConnectionError("still away")]
    lead = uuid4()
    seen = []

    async def fragile(records):
        mine = [record.key for record in records if record.key == str(lead)]
        if mine and failures:
            raise failures.pop()
        seen.extend(mine)

    group = f"fragile-{lead}"
    consuming = await transport.consume(group, ["baoke.leads"], fragile)
    worker = Worker(service, database, transport)
    await worker.start()
    async with database.begin() as session:
        await publish(session, [stage_of(lead, "contacted")])

    async def arrived():
        return await heard(lead) == ["contacted"] and seen

    await until(arrived)
    await consuming.stop()
    await worker.stop()
    assert (seen, failures) == ([str(lead)], [])


async def test_an_event_that_commits_late_is_not_lost(service, database, transport, stage_of, heard):
    worker = Worker(service, database, transport)
    await worker.start()
    late, early = uuid4(), uuid4()

    async with database.begin() as slow:
        await publish(slow, [stage_of(late, "contacted")])
        async with database.begin() as quick:
            await publish(quick, [stage_of(early, "contacted")])

        async def early_arrived():
            return await heard(early) == ["contacted"]

        await until(early_arrived)

    async def late_arrived():
        return await heard(late) == ["contacted"]

    await until(late_arrived)
    await worker.stop()


async def test_an_event_that_commits_late_goes_before_the_next_of_its_key(database, stage_of, told):
    late, early = two_of_one_slot()
    relay = Relay(database.engine, told, service="sample-service")

    async with database.begin() as slow:
        await publish(slow, [stage_of(late, "contacted")])
        async with database.begin() as quick:
            await publish(quick, [stage_of(early, "contacted")])
        await relay.carry()
        await relay.carry()
    async with database.begin() as session:
        await publish(session, [stage_of(late, "visited")])
    await relay.carry()

    assert told.stages_of(late) == ["contacted", "visited"]


async def test_a_relay_does_not_read_again_what_it_has_sent(database, stage_of, told):
    lead = uuid4()
    relay = Relay(database.engine, told, service="sample-service")
    for stage in ("contacted", "visited"):
        async with database.begin() as session:
            await publish(session, [stage_of(lead, stage)])
        await relay.carry()
    await relay.carry()

    async with database.engine.begin() as connection:
        sent = await connection.scalar(text("SELECT max(id) FROM outbox"))
        highest = await connection.scalar(text("SELECT last_value FROM outbox_id_seq"))
    assert sent is None
    assert highest in [lane.marks.above(slot_of(str(lead))) for lane in relay._lanes]


async def test_a_pass_that_outlasts_its_lease_sends_nothing_and_reads_less_the_next_time(database, stage_of, told):
    lead = uuid4()
    relay = Relay(database.engine, told, service="sample-service", lease_ttl_s=0.001)
    async with database.begin() as session:
        await publish(session, [stage_of(lead, "contacted"), stage_of(lead, "visited")])

    for lane in relay._lanes:
        lane.rows_per_slot = 2
    assert (await relay.carry(), told.records) == ((0, 2), [])
    relay._leases.ttl_s = 10
    assert await relay.carry() == (1, 0)
    assert await relay.carry() == (1, 0)

    assert told.stages_of(lead) == ["contacted", "visited"]


async def test_many_events_of_many_keys_arrive_once_and_in_order(service, database, transport, stage_of, heard):
    worker = Worker(service, database, transport)
    await worker.start()
    leads = [uuid4() for _ in range(20)]
    stages = ["contacted", "appointed", "visited", "test_driven", "negotiating"]

    async def work(lead):
        for stage in stages:
            async with database.begin() as session:
                await publish(session, [stage_of(lead, stage)])

    await asyncio.gather(*(work(lead) for lead in leads))

    async def arrived():
        return all([await heard(lead) == stages for lead in leads])

    await until(arrived)
    await worker.stop()


async def test_two_transactions_about_one_key_cannot_interleave(database, stage_of, published):
    lead = uuid4()
    order = []

    async def speak(stage, pause_s):
        async with database.begin() as session:
            await publish(session, [stage_of(lead, stage)])
            order.append(stage)
            await asyncio.sleep(pause_s)

    await asyncio.gather(speak("contacted", 0.2), speak("visited", 0))

    events = await published()
    assert [event.to_stage for event in events] == order
    assert [event.sequence for event in events] == [1, 2]


async def test_two_relays_share_the_slots(database):
    one, two = (Relay(database.engine, EmbeddedTransport(), service="sample-service") for _ in range(2))

    assert len(await one._leases.renew()) == 64
    await two._leases.renew()
    assert len(await one._leases.renew()) == 32
    assert len(await two._leases.renew()) == 32
    assert not one._leases.slots & two._leases.slots


async def test_a_sequence_counts_each_key_by_itself(database, stage_of, published):
    one, two = uuid4(), uuid4()
    async with database.begin() as session:
        await publish(session, [stage_of(one, "contacted"), stage_of(two, "contacted"), stage_of(one, "visited")])
    async with database.begin() as session:
        await publish(session, [stage_of(one, "negotiating")])

    assert [(e.lead_id, e.sequence) for e in await published()] == [(one, 1), (two, 1), (one, 2), (one, 3)]


async def test_what_a_group_has_not_heard_waits_for_its_return(service, database, stage_of, heard):
    transport = EmbeddedTransport()
    lead = uuid4()
    first = Worker(service, database, transport)
    await first.start()
    await first.stop()
    async with database.begin() as session:
        await publish(session, [stage_of(lead, "contacted")])
    other = Relay(database.engine, transport, service="sample-service")
    assert await other.carry() == (0, 1)
    other.stop()
    await other.run()

    second = Worker(service, database, transport)
    await second.start()

    async def arrived():
        return await heard(lead) == ["contacted"]

    await until(arrived)
    await second.stop()
