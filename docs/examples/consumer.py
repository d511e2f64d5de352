"""Prints every lead that is lost and every service that is completed, as it happens.

pip install 'baoke-events[kafka]'
python consumer.py localhost:9092
"""

import asyncio
import sys

from aiokafka import AIOKafkaConsumer
from baoke_events import LeadDefeated, ServiceCompleted
from baoke_events.envelope import decode


async def main(bootstrap_servers: str) -> None:
    """Read both topics from their beginning and stay. Each consumer group gets every record."""
    topics = (LeadDefeated.topic, ServiceCompleted.topic)
    consumer = AIOKafkaConsumer(
        *topics,
        bootstrap_servers=bootstrap_servers,
        group_id="example-warehouse",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    async with consumer:
        async for record in consumer:
            match decode(record.headers, record.value):  # None where this version does not know the type
                case LeadDefeated(lead_id=lead, make=make, model=model, reason=reason):
                    print(f"lead {lead} did not buy the {make} {model}: {reason}", flush=True)
                case ServiceCompleted(vehicle_id=vehicle, amount_cents=cents, currency=currency):
                    print(f"vehicle {vehicle} was serviced for {cents / 100:.2f} {currency}", flush=True)
            # Records come at least once: keep event.id with its effect, and commit after both are safe.
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "localhost:9092"))
