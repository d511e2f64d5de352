"""Events as their publisher would send them, made once and used by every contender."""

from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_hex
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2
from baoke_events import LeadStageChanged
from baoke_events.envelope import Record, encode
from baoke_events.ids import uuid7

DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d1")
EVENTS_PER_KEY = 6


def stage_changed(lead_id: UUID, to_stage: str = "negotiating", *, sampled: bool | None = None) -> LeadStageChanged:
    """A lead moved. `sampled` says whether its trace is recorded; without, it belongs to none."""
    trace = None if sampled is None else f"00-{uuid4().hex}-{token_hex(8)}-0{sampled:d}"
    return LeadStageChanged(
        dealer_id=DEALER,
        occurred_at=datetime.now(UTC),
        lead_id=lead_id,
        store_id=DEALER,
        from_stage="contacted",
        to_stage=to_stage,
        correlation_id=uuid7(),
        traceparent=trace,
    )


def stage_records(
    count: int, topic: str, *, per_key: int = EVENTS_PER_KEY, sampled: bool | None = None
) -> list[Record]:
    """`count` records of about 800 bytes, so many of each lead, the leads mixed."""
    leads = [uuid7() for _ in range(max(1, count // per_key))]
    events = (stage_changed(leads[number % len(leads)], sampled=sampled) for number in range(count))
    return [encode(event, service="lead-service")._replace(topic=topic) for event in events]


def by_partition(records: Sequence[Record], partitions: int) -> dict[int, list[Record]]:
    """The records by partition, as every Kafka client places them."""
    placed: dict[int, list[Record]] = {}
    for record in records:
        placed.setdefault((murmur2(record.key.encode()) & 0x7FFFFFFF) % partitions, []).append(record)
    return placed


async def send_all(producer: AIOKafkaProducer, topic: str, partition: int, records: Sequence[Record]) -> int:
    """Send the records of one partition from memory, one full batch in flight. Returns how many were acknowledged."""
    sent = 0
    while sent < len(records):
        builder, first = producer.create_batch(), sent
        while sent < len(records) and _append(builder, records[sent]):
            sent += 1
        builder.close()
        await (await producer.send_batch(builder, topic, partition=partition))
        if sent == first:
            raise ValueError("a record is larger than a batch")
    return sent


def _append(builder: object, record: Record) -> bool:
    taken = builder.append(  # type: ignore[attr-defined]
        key=record.key.encode(), value=record.value, timestamp=None, headers=list(record.headers)
    )
    return taken is not None
