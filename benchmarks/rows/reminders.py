"""Daily reminders follow what is due, not how many vehicles there are."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.harness.servers import EACH_OF
from benchmarks.reminders.fleet import SERVICE, Fleet, fleet_of

HUNDRED_THOUSAND, MILLION = 100_000, 1_000_000
UNITS = {name: "vehicles/s" if name == "throughput" else unit for name, unit in EACH_OF.items() if name != "kafka"}
LARGE, SMALL = "1 M vehicles, 1 % due", "100 k vehicles, 10 % due"
CURVE = (10_000, HUNDRED_THOUSAND, MILLION)

_remind = next(job for job in SERVICE.jobs if job.name == "remind_due_vehicles")


@dataclass(frozen=True, slots=True)
class Stage:
    """Fleets by what they are called at full size, and how many of their vehicles are due in a round."""

    fleets: Mapping[int, Fleet]
    due: int


def _stage(*fleets: int, due: int) -> Callable[[Servers, Size], AsyncIterator[Stage]]:
    async def open_fleets(servers: Servers, size: Size) -> AsyncIterator[Stage]:
        """Fleets of these sizes; a tenth and less where little is to be done."""
        divisor = size.of(full=1, quick=10, smoke=1_000)
        async with AsyncExitStack() as stack:
            opened = {
                n: await stack.enter_async_context(fleet_of(servers, n // divisor, purpose="reminders")) for n in fleets
            }
            yield Stage(opened, max(5, due // divisor))

    return open_fleets


def _remind_all(vehicles: int) -> Callable[[Stage], Awaitable[Figures]]:
    async def remind(stage: Stage) -> Figures:
        """The job as the worker runs it, until nothing is due."""
        fleet = stage.fleets[vehicles]
        await fleet.make_due(stage.due)
        handled = 0
        with fleet.servers.stopwatch() as took:
            while found := await _remind.run(fleet.database, now=datetime.now(UTC)):
                handled += found
        if not handled == await fleet.reminded() == stage.due:
            raise AssertionError(f"{stage.due} vehicles were due, {handled} handled, {await fleet.reminded()} reminded")
        costs = took.each_of(handled)
        return {name: costs[name] for name in UNITS}

    return remind


ROWS = (
    Row(
        name="reminders",
        title="Daily reminders",
        measures=(
            "The job projects 10,000 due vehicles, stores what is to be said and puts `MaintenanceDue` into the "
            "outbox, in batches of 500; from the first claim to the last commit."
        ),
        units=UNITS,
        stage=asynccontextmanager(_stage(MILLION, HUNDRED_THOUSAND, due=10_000)),
        contenders=[Contender(LARGE, _remind_all(MILLION)), Contender(SMALL, _remind_all(HUNDRED_THOUSAND))],
        targets=[Target("throughput", at_least=0.8, of=SMALL)],
        rounds=3,
        warm_up=False,
        needs_kafka=False,
    ),
    Row(
        name="curve_reminders",
        title="Daily reminders by the size of the fleet",
        measures="The same with 2,000 vehicles due, whatever the size of the fleet.",
        units=UNITS,
        stage=asynccontextmanager(_stage(*CURVE, due=2_000)),
        contenders=[Contender(f"{n:,} vehicles", _remind_all(n), x=n) for n in CURVE],
        rounds=3,
        curve_over="vehicles",
        needs_kafka=False,
    ),
)
