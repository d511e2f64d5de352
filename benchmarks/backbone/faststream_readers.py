"""FastStream with the same inbox and effect in the same database: typed bodies, acknowledged after the transaction."""

import logging
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from benchmarks.backbone.reading import Tally, Topic, apply_by_hand
from benchmarks.harness import Figures

BATCH = 500


class StageChanged(BaseModel):
    """The event's data, as far as this reader needs it."""

    lead_id: UUID
    to_stage: str


async def in_batches(topic: Topic) -> Figures:
    """`batch=True`: up to 500 events of all partitions in one transaction."""
    return await _read(
        topic, wanted=topic.events, options={"batch": True, "max_records": BATCH}, handler=_batch_handler
    )


async def one_by_one(topic: Topic) -> Figures:
    """A handler that gets one event: one transaction and one acknowledgement each."""
    return await _read(topic, wanted=min(topic.events, 500), options={}, handler=_single_handler)


async def _read(topic: Topic, *, wanted: int, options: dict[str, Any], handler: Any) -> Figures:
    from faststream.kafka import KafkaBroker  # noqa: PLC0415 (only the benchmarks' own requirements have it)
    from faststream.middlewares import AckPolicy  # noqa: PLC0415

    await topic.forget()
    tally = Tally(wanted)
    broker = KafkaBroker(topic.servers.kafka.bootstrap, logger=logging.getLogger("faststream-bench"))
    connection = await asyncpg.connect(topic.dsn)
    subscribe = broker.subscriber(
        topic.name,
        group_id=topic.new_group(),
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        **options,
    )
    subscribe(handler(connection, tally))
    await broker.start()
    await tally.first.wait()
    with topic.servers.stopwatch() as took:
        await tally.all.wait()
    await broker.stop()
    await connection.close()
    await topic.check(tally.seen)
    return took.each_of(tally.seen)


def _batch_handler(connection: asyncpg.Connection, tally: Tally) -> Any:
    from faststream.kafka.annotations import KafkaMessage  # noqa: PLC0415

    async def count_stages(events: list[StageChanged], message: KafkaMessage) -> None:
        if tally.all.is_set():
            return
        tally.begin()
        headers = message.batch_headers
        await apply_by_hand(
            connection,
            [UUID(h["ce_id"]) for h in headers],
            [UUID(h["ce_dealerid"]) for h in headers],
            [event.lead_id for event in events],
            [event.to_stage for event in events],
        )
        tally.finish(len(events))

    return count_stages


def _single_handler(connection: asyncpg.Connection, tally: Tally) -> Any:
    from faststream.kafka.annotations import KafkaMessage  # noqa: PLC0415

    async def count_stage(event: StageChanged, message: KafkaMessage) -> None:
        if tally.all.is_set():
            return
        tally.begin()
        ids, dealers = [UUID(message.headers["ce_id"])], [UUID(message.headers["ce_dealerid"])]
        await apply_by_hand(connection, ids, dealers, [event.lead_id], [event.to_stage])
        tally.finish(1)

    return count_stage
