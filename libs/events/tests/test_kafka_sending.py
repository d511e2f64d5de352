"""What a broker refuses harms only its own key."""

import pytest
from aiokafka.errors import MessageSizeTooLargeError
from baoke_events.envelope import Record
from baoke_events.transports import Outgoing
from baoke_events.transports.kafka_sending import send_partition


class Batch:
    """A batch of aiokafka, of any size."""

    def __init__(self):
        self.keys = []

    def append(self, *, key, value, timestamp, headers):
        self.keys.append((key, value))
        return True

    def close(self):
        pass


class Broker:
    """Takes batches whose values have at most `limit` bytes together."""

    def __init__(self, limit):
        self.limit, self.taken = limit, []

    def create_batch(self):
        return Batch()

    async def send_batch(self, batch, topic, partition):
        async def outcome():
            if sum(len(value) for _, value in batch.keys) > self.limit:
                raise MessageSizeTooLargeError
            self.taken += [key.decode() for key, _ in batch.keys]

        return outcome()


def outgoing(position, key, size):
    return Outgoing(position, 0, Record("baoke.leads", key, (), b"x" * size))


async def test_a_batch_that_is_too_large_goes_record_by_record():
    broker = Broker(limit=10)

    delivery, failed = await send_partition(broker, "baoke.leads", 0, [outgoing(n, f"k{n}", 6) for n in range(3)])

    assert (broker.taken, failed, delivery.refused) == (["k0", "k1", "k2"], False, [])


async def test_a_record_that_is_too_large_is_refused_and_its_key_waits_behind_it():
    broker = Broker(limit=10)
    records = [outgoing(1, "sick", 11), outgoing(2, "well", 3), outgoing(3, "sick", 3)]

    delivery, failed = await send_partition(broker, "baoke.leads", 0, records)

    assert (broker.taken, failed) == (["well"], False)
    assert [item.id for item, _ in delivery.refused] == [1]
    assert [item.id for item in delivery.acknowledged] == [2]


@pytest.mark.parametrize("size", [11])
async def test_a_refused_record_alone_leaves_nothing_behind(size):
    delivery, failed = await send_partition(Broker(limit=10), "baoke.leads", 0, [outgoing(1, "sick", size)])

    assert (len(delivery.refused), delivery.acknowledged, failed) == (1, [], False)
