"""service-reminder hears how far vehicles have driven."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from baoke_chassis.worker import consumer_of
from baoke_events import MileageUpdated
from baoke_events.envelope import Record, encode

from benchmarks.harness import Contender, Figures, Row, Servers, Size
from benchmarks.harness.servers import EACH_OF
from benchmarks.reminders.fleet import DEALER, SERVICE, Fleet, fleet_of

SCATTER = 7_919
UNITS = {name: unit for name, unit in EACH_OF.items() if name != "kafka"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A fleet, and how many readings are heard in a round."""

    fleet: Fleet
    events: int


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """100,000 vehicles with ten readings each."""
    vehicles = size.of(full=100_000, quick=10_000, smoke=100)
    async with fleet_of(servers, vehicles, purpose="projection") as fleet:
        yield Stage(fleet, size.of(full=20_000, quick=4_000, smoke=20))


def _records(stage: Stage) -> list[Record]:
    now = datetime.now(UTC)
    numbers = (1 + n * SCATTER % stage.fleet.vehicles for n in range(stage.events))
    ids = (UUID(f"{number:08x}-0000-7000-8000-000000000001") for number in numbers)
    return [
        encode(
            MileageUpdated(
                dealer_id=DEALER,
                occurred_at=now,
                correlation_id=DEALER,
                vehicle_id=vehicle_id,
                customer_id=vehicle_id,
                store_id=DEALER,
                km=29_700,
                read_at=now,
                reading_source="telematics",
            ),
            service="customer-service",
        )
        for vehicle_id in ids
    ]


def _in_batches_of(size: int) -> Callable[[Stage], Awaitable[Figures]]:
    async def hear(stage: Stage) -> Figures:
        """The service's consumer, with its inbox, given such batches."""
        consumer = consumer_of(SERVICE, stage.fleet.database)
        heard = min(stage.events, 40 * size)
        records = _records(stage)[:heard]
        with stage.fleet.servers.stopwatch() as took:
            for start in range(0, heard, size):
                await consumer.process(records[start : start + size])
        costs = took.each_of(heard)
        return {name: costs[name] for name in UNITS}

    return hear


ROWS = (
    Row(
        name="projection",
        title="Readings heard by service-reminder",
        measures=(
            "The consumer takes `MileageUpdated` of scattered vehicles in, inbox included, without a transport; from "
            "the first batch to the last commit. What is due is worked out later, once per vehicle."
        ),
        units=UNITS,
        stage=stage,
        contenders=[
            Contender("batches of 500", _in_batches_of(500)),
            Contender("one transaction per event", _in_batches_of(1)),
        ],
        needs_kafka=False,
    ),
)
