"""A service takes a full topic in: inbox and effect in one transaction."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from baoke_chassis.worker import consumer_of
from baoke_events.envelope import Record
from baoke_events.transports.kafka import KafkaTransport

from benchmarks.backbone import faststream_readers, plain_readers
from benchmarks.backbone.reading import Tally, Topic, full_topic
from benchmarks.backbone.sample import SERVICE
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.harness.servers import EACH_OF

ONE_BY_ONE = "one transaction per event, by hand"


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Topic]:
    """50,000 events on 12 partitions."""
    async with full_topic(servers, size.of(full=50_000, quick=12_000, smoke=100)) as topic:
        yield topic


async def ours(topic: Topic) -> Figures:
    """The production consumer on the production transport, from the first batch to the last commit."""
    await topic.forget()
    tally = Tally(topic.events)
    consumer = consumer_of(SERVICE, topic.database)

    async def process(records: Sequence[Record]) -> None:
        tally.begin()
        await consumer.process(records)
        tally.finish(len(records))

    transport = KafkaTransport(topic.servers.kafka.bootstrap, client_id="bench")
    running = await transport.consume(topic.new_group(), [topic.name], process)
    await tally.first.wait()
    with topic.servers.stopwatch() as took:
        await tally.all.wait()
    await running.stop()
    await transport.close()
    await topic.check(tally.seen)
    return took.each_of(tally.seen)


ROWS = (
    Row(
        name="consume",
        title="Consume → inbox → effect, real Kafka",
        measures=(
            "One process reads 50,000 events (12 partitions, 8,300 leads) of a topic; each id goes into the inbox and "
            "each lead's row is counted up, in one transaction per batch; from the first batch to the last commit. "
            "One-by-one readers take the first 3,000 (FastStream: 500)."
        ),
        units=EACH_OF,
        stage=stage,
        contenders=[
            Contender("baoke consumer", ours),
            Contender("aiokafka + asyncpg by hand, batches of 500", plain_readers.in_batches),
            Contender("FastStream, batches of 500", faststream_readers.in_batches),
            Contender("FastStream, one by one", faststream_readers.one_by_one),
            Contender(ONE_BY_ONE, plain_readers.one_by_one),
        ],
        targets=[
            Target("throughput", at_least=12_000),
            Target("throughput", at_least=20, of=ONE_BY_ONE),
        ],
    ),
)
