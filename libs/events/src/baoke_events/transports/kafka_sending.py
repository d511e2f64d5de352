"""Sending a pass of the relay: each partition's records in order, and what a broker refuses harms only its own key."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordTooLargeError, UnknownTopicOrPartitionError

from baoke_events.telemetry import not_taken
from baoke_events.transports import Delivery, Outgoing
from baoke_events.transports.murmur2 import partition_of

log = logging.getLogger(__name__)


async def partitioned(
    producer: AIOKafkaProducer, outgoing: Sequence[Outgoing]
) -> dict[tuple[str, int], list[Outgoing]]:
    """The records by (topic, partition), by the partitioner every Kafka client shares. Missing topics are left out."""
    counts = {topic: await _partition_count(producer, topic) for topic in {item.record.topic for item in outgoing}}
    partitions: dict[tuple[str, int], list[Outgoing]] = {}
    for item in outgoing:
        topic = item.record.topic
        if count := counts[topic]:
            partitions.setdefault((topic, partition_of(item.record.key, count)), []).append(item)
    return partitions


async def _partition_count(producer: AIOKafkaProducer, topic: str) -> int:
    try:
        return len(await producer.partitions_for(topic))
    except UnknownTopicOrPartitionError as error:
        not_taken(error)
        log.exception("there is no topic %s; what is for it waits in the outbox", topic)
        return 0


async def send_partition(
    producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[Outgoing]
) -> tuple[Delivery, bool]:
    """Send one partition's records batch by batch until one fails. Returns what was taken and whether one failed."""
    delivery = Delivery()
    waiting, at_most = list(records), len(records)
    while waiting:
        builder, batch = _fill(producer, waiting[:at_most])
        if not batch:
            waiting = _refuse(delivery, waiting, "larger than a batch")
            continue
        try:
            await (await producer.send_batch(builder, topic, partition=partition))
        except (MessageSizeTooLargeError, RecordTooLargeError) as error:
            if len(batch) == 1:
                waiting = _refuse(delivery, waiting, str(error))
            at_most = 1
        except (KafkaError, OSError) as error:
            log.warning("%s[%d] did not take %d records: %s", topic, partition, len(batch), error)
            not_taken(error)
            return delivery, True
        else:
            delivery.acknowledged += batch
            waiting = waiting[len(batch) :]
    return delivery, False


def _refuse(delivery: Delivery, waiting: Sequence[Outgoing], reason: str) -> list[Outgoing]:
    """Refuse the first record that waits; what waits without it and what follows of its key."""
    refused, *rest = waiting
    delivery.refused.append((refused, reason))
    return [item for item in rest if item.record.key != refused.record.key]


def _fill(producer: AIOKafkaProducer, records: Iterable[Outgoing]) -> tuple[Any, list[Outgoing]]:
    """A batch with as many of the records as fit."""
    builder = producer.create_batch()
    batch: list[Outgoing] = []
    for item in records:
        record = item.record
        taken = builder.append(
            key=record.key.encode(), value=record.value, timestamp=None, headers=list(record.headers)
        )
        if taken is None:
            break
        batch.append(item)
    builder.close()
    return builder, batch
