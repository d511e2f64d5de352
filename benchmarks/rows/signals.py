"""A market signal against the leads that a dealer lost."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import psutil
from baoke_chassis import migrations
from baoke_chassis.database import Database
from baoke_events.consuming import Origin
from baoke_events.statements import fetch
from lead_service.app import service as compose
from lead_service.commands.receive_signal import receive_signal
from lead_service.jobs import match_signals
from lead_service.settings import Settings
from sqlalchemy import text

from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.bare_matching import BARE_MATCHING
from benchmarks.leads.lost import DEALER, MIXED_PERCENT, forget_signals, lose_leads, price_cut

MILLION = 1_000_000
STAGING_S = 600
"""What a statement may take that makes or settles millions of leads."""
CURVE = (10_000, 100_000, MILLION)
UNITS = {"seconds": "s", "throughput": "leads/s", "longest": "ms", "memory": "MB", "python": "µs", "postgres": "µs"}
OURS, BARE = "lead-service", "bare INSERT … SELECT"


@dataclass(frozen=True, slots=True)
class Lost:
    """Lost leads of one dealer, and how many of them the signal speaks to."""

    servers: Servers
    database: Database
    meant: int

    async def match(self) -> Figures:
        """The job as the worker runs it, until nothing is left to do."""
        await forget_signals(self.database.engine)
        process, longest = psutil.Process(), 0.0
        resident = most = process.memory_info().rss
        with self.servers.stopwatch() as took:
            async with self.database.begin() as session:
                await receive_signal(session, price_cut(), origin=Origin.now(), now=datetime.now(UTC))
            handled = 1
            while handled:
                began = monotonic()
                handled = await match_signals.job.run(self.database, now=datetime.now(UTC))
                longest = max(longest, monotonic() - began)
                most = max(most, process.memory_info().rss)
        await self._check("WHERE state = 'activated'")
        costs = took.each_of(self.meant)
        return {
            "seconds": took.wall_s,
            "longest": longest * 1e3,
            "memory": (most - resident) / 1e6,
            **{name: costs[name] for name in ("throughput", "python", "postgres")},
        }

    async def insert(self) -> Figures:
        """The same rows by one bare statement."""
        await forget_signals(self.database.engine)
        with self.servers.stopwatch() as took:
            async with self.database.begin() as session:
                await fetch(session, BARE_MATCHING, DEALER, price_cut().id)
        await self._check()
        costs = took.each_of(self.meant)
        once = {"seconds": took.wall_s, "longest": took.wall_s * 1e3, "memory": 0.0}
        return once | {name: costs[name] for name in ("throughput", "python", "postgres")}

    async def _check(self, told: str = "") -> None:
        """Make sure that all who were meant have a row, and all who are told an event.

        Raises:
            AssertionError: they have not.
        """
        query = f"SELECT count(*), (SELECT count(*) FROM reactivation {told}), (SELECT count(*) FROM outbox)"
        async with self.database.engine.connect() as connection:
            rows, spoken_to, events = (await connection.execute(text(f"{query} FROM reactivation"))).one()
        if rows != self.meant or events != spoken_to:
            raise AssertionError(f"{self.meant} meant, {rows} approached, {spoken_to} told, {events} events")


@asynccontextmanager
async def lost(servers: Servers, count: int, *, same: bool = False) -> AsyncIterator[Lost]:
    """So many lost leads, mixed or all alike; the same for every row of a run."""
    url = servers.database(f"bench_signals_{count}_{'same' if same else 'mixed'}")
    database = Database(url, service="lead-service", timeout_s=STAGING_S)
    await migrations.upgrade(compose(Settings(database_url="unused")), database.engine)
    await lose_leads(database.engine, count, same=same)
    yield Lost(servers, database, count if same else count * MIXED_PERCENT // 100)
    await database.close()


Staged = Mapping[int, Lost]


def _stage(*counts: int, same: bool = False) -> Callable[[Servers, Size], AsyncIterator[Staged]]:
    async def open_all(servers: Servers, size: Size) -> AsyncIterator[Staged]:
        """Lost leads in these numbers; a tenth and less where little is to be done."""
        divisor = size.of(full=1, quick=10, smoke=100)
        async with AsyncExitStack() as stack:
            yield {n: await stack.enter_async_context(lost(servers, n // divisor, same=same)) for n in counts}

    return open_all


def _match(count: int) -> Callable[[Staged], Awaitable[Figures]]:
    return lambda staged: staged[count].match()


def _insert(count: int) -> Callable[[Staged], Awaitable[Figures]]:
    return lambda staged: staged[count].insert()


_CLOCK = "from the commit that takes the signal in to the commit of the last batch; the worker looks every half second."

ROWS = (
    Row(
        name="signal",
        title="Market signal against a million lost leads",
        measures=(
            f"A price cut of one of five models speaks to {MIXED_PERCENT} % of the leads. Each of those is judged, "
            f"approached or held out and, if approached, has an event in the outbox; {_CLOCK} `longest` is the longest "
            "transaction."
        ),
        units=UNITS,
        stage=asynccontextmanager(_stage(MILLION)),
        contenders=[Contender(OURS, _match(MILLION)), Contender(BARE, _insert(MILLION))],
        targets=[Target("seconds", at_most=5.0), Target("memory", at_most=20.0)],
        rounds=2,
        needs_kafka=False,
    ),
    Row(
        name="signal_5m",
        title="Market signal against five million lost leads",
        measures=f"The mixed leads of the row above, five times as many; {_CLOCK}",
        units=UNITS,
        stage=asynccontextmanager(_stage(5 * MILLION)),
        contenders=[Contender(OURS, _match(5 * MILLION)), Contender(BARE, _insert(5 * MILLION))],
        targets=[Target("seconds", at_most=25.0), Target("memory", at_most=20.0)],
        rounds=1,
        warm_up=False,
        needs_kafka=False,
        apart=True,
    ),
    Row(
        name="signal_all",
        title="Market signal that speaks to a million lost leads",
        measures=f"The same where all leads are alike, and so every one is meant; {_CLOCK}",
        units=UNITS,
        stage=asynccontextmanager(_stage(MILLION, same=True)),
        contenders=[Contender(OURS, _match(MILLION)), Contender(BARE, _insert(MILLION))],
        rounds=1,
        warm_up=False,
        needs_kafka=False,
        apart=True,
    ),
    Row(
        name="curve_signal",
        title="Market signal by the number of lost leads",
        measures=f"The mixed leads of the row above; {_CLOCK}",
        units=UNITS,
        stage=asynccontextmanager(_stage(*CURVE)),
        contenders=[Contender(f"{n:,} lost leads", _match(n), x=n) for n in CURVE],
        rounds=2,
        warm_up=False,
        curve_over="lost leads",
        needs_kafka=False,
    ),
)
