"""Readers written by hand with aiokafka and asyncpg: no pydantic, no parking, no telemetry, no retries."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer

from benchmarks.backbone.reading import Tally, Topic, apply_by_hand
from benchmarks.harness import Figures

BATCH = 500


async def in_batches(topic: Topic) -> Figures:
    """A partition's batch of up to 500 events in one transaction, the offset after it."""
    return await _read(topic, wanted=topic.events, together=BATCH)


async def one_by_one(topic: Topic) -> Figures:
    """One transaction per event, the offsets after each fetched batch."""
    return await _read(topic, wanted=min(topic.events, 3_000), together=1)


async def _read(topic: Topic, *, wanted: int, together: int) -> Figures:
    await topic.forget()
    tally = Tally(wanted)
    connection = await asyncpg.connect(topic.dsn)
    consumer = AIOKafkaConsumer(
        topic.name,
        bootstrap_servers=topic.servers.kafka.bootstrap,
        group_id=topic.new_group(),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    first = await consumer.getmany(timeout_ms=30_000, max_records=BATCH)
    with topic.servers.stopwatch() as took:
        fetched = first
        while True:
            for partition, messages in fetched.items():
                for start in range(0, len(messages), together):
                    await _apply(connection, messages[start : start + together])
                tally.finish(len(messages))
                await consumer.commit({partition: messages[-1].offset + 1})
            if tally.all.is_set():
                break
            fetched = await consumer.getmany(timeout_ms=500, max_records=BATCH)
    await consumer.stop()
    await connection.close()
    await topic.check(tally.seen)
    return took.each_of(tally.seen)


async def _apply(connection: asyncpg.Connection, messages: Sequence[Any]) -> None:
    headers = [dict(message.headers) for message in messages]
    data = [json.loads(message.value) for message in messages]
    await apply_by_hand(
        connection,
        [UUID(h["ce_id"].decode()) for h in headers],
        [UUID(h["ce_dealerid"].decode()) for h in headers],
        [UUID(d["lead_id"]) for d in data],
        [d["to_stage"] for d in data],
    )
