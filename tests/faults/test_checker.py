"""The checker catches what is wrong on purpose, and has nothing to say against what is right."""

import asyncio
from itertools import count

import pytest
from baoke_chassis.worker import consumer_of
from baoke_events.relay import Relay
from baoke_events.transports.kafka import KafkaTransport
from baoke_local.topics import Topic, ensure_topics
from sqlalchemy import text

from faults.controls.consumers import ForgetfulConsumer
from faults.controls.pipeline import EFFECT, SERVICE, write
from faults.controls.relays import CursorRelay, SkippingRelay
from faults.evidence import Seen, Tape
from faults.invariants.findings import Finding, Wrong, once_each
from faults.invariants.order import check_order
from faults.tasks import Tasks

SEED = 20260105
LIMIT_S = 180
numbers = count()

pytestmark = pytest.mark.kafka


@pytest.fixture
async def database(databases):
    return await databases.of(SERVICE, create_tables=[EFFECT])


@pytest.fixture
async def transport(kafka):
    transport = KafkaTransport(kafka, client_id="control")
    yield transport
    await transport.close()


@pytest.fixture
async def topic(kafka):
    name = f"control.steps-{next(numbers)}"
    await ensure_topics(kafka, [Topic(name, 3, {})])
    return name


@pytest.fixture
def carried(kafka, database, topic):
    """Writes while the relays carry, and returns what the checker finds wrong with what arrived."""

    async def carry(*relays, late=None, passed=lambda: 0) -> list[Finding]:
        running = Tasks()
        for relay in relays:
            running.add(relay.run())
        written = await write(database, topic, seed=SEED, late=late)
        await drained(database, passed)
        await running.cancel()
        tape = Tape(kafka, prefix=topic)
        await tape.wind_on()
        told = {seen.id for seen in tape.records}
        return [*check_order(tape.records), *once_each("events", written, told)]

    return carry


async def drained(database, passed=lambda: 0):
    """Return when the outbox is empty, or who carries has passed all that is in it."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            async with database.engine.connect() as connection:
                newest = await connection.scalar(text("SELECT max(id) FROM outbox"))
            if newest is None or passed() >= newest:
                return
            await asyncio.sleep(0.05)


def kinds(findings: list[Finding]) -> set[Wrong]:
    return {finding.wrong for finding in findings}


async def test_two_relays_of_ours_give_it_nothing_to_find(database, transport, carried):
    relays = [Relay(database.engine, transport, service="control-service", lease_ttl_s=1) for _ in range(2)]

    assert await carried(*relays) == []


async def test_it_catches_relays_that_skip_locked_rows(database, transport, carried):
    quick = SkippingRelay(database.engine, transport)
    slow = SkippingRelay(database.engine, transport, rival=quick)

    assert kinds(await carried(slow)) == {Wrong.REORDERED}


async def test_it_catches_a_relay_that_trusts_a_cursor(database, transport, carried):
    relay = CursorRelay(database.engine, transport)

    assert Wrong.LOST in kinds(await carried(relay, late=lambda: relay.last > 0, passed=lambda: relay.last))


@pytest.mark.parametrize(
    ("consumer", "wrong"),
    [(lambda database: consumer_of(SERVICE, database), set()), (ForgetfulConsumer, {Wrong.DOUBLED})],
    ids=["ours", "one without an inbox"],
)
async def test_it_catches_a_consumer_without_an_inbox(kafka, database, transport, topic, consumer, wrong):
    """Two groups' worth of deliveries: whoever starts again from an older offset hears everything twice."""
    relay = Relay(database.engine, transport, service="control-service", lease_ttl_s=1)
    running = Tasks()
    running.add(relay.run())
    written = await write(database, topic, seed=SEED)
    await drained(database)
    await running.cancel()
    process = consumer(database).process

    for turn in range(2):
        await heard_by(transport, f"{topic}-turn-{turn}", topic, process, len(written))

    async with database.engine.connect() as connection:
        effects = (await connection.scalars(text("SELECT event_id FROM effect"))).all()
    assert kinds(once_each("effects", written, map(str, effects))) == wrong


async def heard_by(transport, group, topic, process, number):
    """A consumer group reads the topic from its beginning, `number` different events of it at least."""
    heard = set()

    async def hear(records):
        await process(records)
        heard.update(dict(record.headers)["ce_id"] for record in records)

    running = await transport.consume(group, [topic], hear)
    async with asyncio.timeout(LIMIT_S):
        while len(heard) < number:
            await asyncio.sleep(0.05)
    await running.stop()


def seen(key, sequence, id, offset=0, partition=0):
    return Seen("t", partition, offset, key, id, "type", sequence, {})


@pytest.mark.parametrize(
    ("records", "wrong"),
    [
        ([seen("a", 1, "x"), seen("a", 2, "y"), seen("b", 1, "z")], set()),
        ([seen("a", 1, "x"), seen("a", 2, "y"), seen("a", 1, "x"), seen("a", 2, "y")], set()),
        ([seen("a", 2, "y"), seen("a", 1, "x")], {Wrong.REORDERED}),
        ([seen("a", 1, "x"), seen("a", 3, "z")], {Wrong.REORDERED, Wrong.LOST}),
        ([seen("a", 1, "x"), seen("a", 1, "y")], {Wrong.DOUBLED}),
        ([seen("a", 1, "x"), seen("a", 2, "y", partition=1)], {Wrong.REORDERED}),
    ],
    ids=["in order", "said again", "overtaken", "a gap", "two firsts", "two partitions"],
)
def test_order_is_that_of_first_deliveries(records, wrong):
    assert kinds(check_order(records)) == wrong


def test_each_once_tells_lost_doubled_and_made_up():
    assert kinds(once_each("things", ["a", "b"], ["b", "b", "c"])) == {Wrong.LOST, Wrong.DOUBLED, Wrong.MADE_UP}
