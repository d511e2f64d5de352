"""Leads over HTTP in batches of 1,000."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.apis import Taking, manager_token, taking
from benchmarks.leads.load import SIZE

CONNECTIONS = 4
OURS, ONE = "lead-service, an api process a core", "lead-service, one api process"
BARE, ONE_BARE = "FastAPI + asyncpg, two inserts, a process a core", "FastAPI + asyncpg, two inserts, one process"
CORES = 2
"""Of the machine whose figures are kept."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The apis, whoever sends leads, and how many batches a connection sends."""

    servers: Servers
    apis: dict[str, Taking]
    load: Child
    batches: int

    async def send(self, name: str) -> Figures:
        """Send the round's batches to an api, all connections at once."""
        taking = self.apis[name]
        await taking.begin_anew()
        with self.servers.stopwatch(taking.pids) as took:
            told = await self.load.ask(f"send_batches {taking.ports} {CONNECTIONS} {self.batches}")
        took.wall_s = told["seconds"]
        sent = CONNECTIONS * self.batches * SIZE
        await taking.check(sent)
        costs = took.each_of(sent)
        slowest = told["each_s"][int(len(told["each_s"]) * 0.99)]
        return {name: costs[name] for name in ("throughput", "python", "postgres")} | {"p99": slowest * 1e3}


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """lead-service's api as deployed, and the bare one, each in one process and in one a core."""
    module = "benchmarks.leads.bare_batches"
    async with (
        taking(servers, "bench_lead_batches_ours", processes=CORES) as ours,
        taking(servers, "bench_lead_batches_one") as one,
        taking(servers, "bench_lead_batches_bare", module, processes=CORES) as bare,
        taking(servers, "bench_lead_batches_one_bare", module) as one_bare,
        child("benchmarks.leads.load", token=manager_token(servers)) as load,
    ):
        apis = {OURS: ours, ONE: one, BARE: bare, ONE_BARE: one_bare}
        yield Stage(servers, apis, load, batches=size.of(full=10, quick=3, smoke=1))


def _sent_to(name: str) -> Callable[[Stage], Awaitable[Figures]]:
    return lambda stage: stage.send(name)


ROWS = (
    Row(
        name="lead_batches",
        title="Leads over HTTP, batches of 1,000",
        measures=(
            f"{CONNECTIONS} connections post batches of 1,000 leads of new people. Ours validates each, finds people, "
            "writes touch, lead and two events for each, and answers item by item; from the first byte sent to the "
            "last answer. Apis, PostgreSQL and the sender share two cores. No relay runs meanwhile."
        ),
        units={"throughput": "leads/s", "p99": "ms", "python": "µs", "postgres": "µs"},
        stage=stage,
        contenders=[Contender(name, _sent_to(name)) for name in (OURS, ONE, BARE, ONE_BARE)],
        targets=[Target("throughput", at_least=5_000)],
        needs_kafka=False,
    ),
)
