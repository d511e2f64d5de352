import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from baoke_local.errors import FolderInUse, ServerDidNotStart, StaleDataFolder
from baoke_local.kafka import LocalKafka
from baoke_local.topics import Topic, ensure_topics

pytestmark = pytest.mark.kafka


@pytest.fixture
def say(kafka):
    async def say(topic: str, *words: str) -> None:
        async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all") as producer:
            for word in words:
                await producer.send_and_wait(topic, word.encode(), partition=0)

    return say


@pytest.fixture
def hear(kafka):
    async def hear(topic: str, count: int) -> list[str]:
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
        async with consumer:
            async with asyncio.timeout(120):
                return [(await consumer.getone()).value.decode() for _ in range(count)]

    return hear


async def test_what_was_acknowledged_survives_kill_9_and_is_read_at_the_same_address(kafka, say, hear):
    await ensure_topics(kafka.bootstrap, [Topic("facts", 1, {})])
    address = kafka.bootstrap
    await say("facts", "before", "the crash")

    await asyncio.to_thread(kafka.kill)
    await asyncio.to_thread(kafka.start)
    await say("facts", "after it")

    assert kafka.bootstrap == address
    assert await hear("facts", 3) == ["before", "the crash", "after it"]


async def test_a_stop_in_good_order_keeps_everything(kafka, say, hear):
    await ensure_topics(kafka.bootstrap, [Topic("kept", 1, {})])
    await say("kept", "one")

    await asyncio.to_thread(kafka.restart)

    assert await hear("kept", 1) == ["one"]


def test_a_second_run_on_the_same_folder_is_refused_with_a_sentence(kafka):
    with pytest.raises(FolderInUse, match="is in use by another run of Baoke"):
        LocalKafka(kafka.folder).start()


@pytest.mark.usefixtures("kafka")
def test_a_half_written_folder_is_refused_with_a_sentence(folder):
    (folder / "data").mkdir()

    with pytest.raises(StaleDataFolder, match="holds no complete Kafka log"):
        LocalKafka(folder).start()


@pytest.mark.usefixtures("kafka")
def test_a_broker_that_cannot_start_says_why(folder):
    (folder / "data").mkdir()
    (folder / "data" / "meta.properties").write_text("version=7\n")

    with pytest.raises(ServerDidNotStart, match="Its last words"):
        LocalKafka(folder).start()
