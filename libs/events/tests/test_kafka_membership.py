"""What a group member does when partitions are taken from it. aiokafka is played by a consumer of our own."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from baoke_events.transports import kafka_membership
from baoke_events.transports.kafka_membership import Membership

TP = TopicPartition("baoke.leads", 3)
MESSAGE = SimpleNamespace(topic=TP.topic, partition=TP.partition, offset=41, key=b"k", headers=(), value=b"{}")


class Consumer:
    """Hands out one message, and is then as `getmany` is during a rebalance: it waits, whatever its time-out."""

    def __init__(self, **_settings):
        self.committed = {}
        self._given = False

    def subscribe(self, _topics, *, listener):
        self.listener = listener

    async def start(self):
        await self.listener.on_partitions_assigned([TP])

    async def stop(self):
        pass

    async def getmany(self, *_partitions, **_settings):
        if self._given:
            await asyncio.Event().wait()
        self._given = True
        return {TP: [MESSAGE]}

    async def commit(self, offsets):
        self.committed |= offsets


class Handler:
    """Handles a batch when it is told to."""

    def __init__(self):
        self.entered, self.may_end, self.was_cut_off = asyncio.Event(), asyncio.Event(), False

    async def __call__(self, _records):
        self.entered.set()
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.was_cut_off = True
            raise


@pytest.fixture
def handler():
    return Handler()


@pytest.fixture
async def consumer(handler, monkeypatch):
    """The consumer of a member that has a batch in hand."""
    made = []
    monkeypatch.setattr(kafka_membership, "AIOKafkaConsumer", lambda **s: made.append(Consumer(**s)) or made[-1])
    member = Membership("nowhere:9092", "loyalty-service", [TP.topic], handler)
    member.start()
    await handler.entered.wait()
    yield made[0]
    handler.may_end.set()
    await member.stop()


async def test_who_waits_for_records_lets_go_at_once(consumer, handler, monkeypatch):
    monkeypatch.setattr(kafka_membership, "DRAIN_S", None)  # for ever
    handler.may_end.set()
    while not consumer.committed:
        await asyncio.sleep(0)

    async with asyncio.timeout(30):
        await consumer.listener.on_partitions_revoked([TP])


async def test_a_batch_in_hand_is_finished_and_committed_first(consumer, handler, monkeypatch):
    monkeypatch.setattr(kafka_membership, "DRAIN_S", None)

    letting_go = asyncio.create_task(consumer.listener.on_partitions_revoked([TP]))
    await asyncio.sleep(0.01)
    waited = not letting_go.done()
    handler.may_end.set()
    await letting_go

    assert waited
    assert consumer.committed == {TP: 42}


async def test_a_batch_that_takes_too_long_is_cut_off_and_not_committed(consumer, handler, monkeypatch):
    monkeypatch.setattr(kafka_membership, "DRAIN_S", 0.01)

    await consumer.listener.on_partitions_revoked([TP])

    assert handler.was_cut_off
    assert not consumer.committed
