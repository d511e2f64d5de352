"""Leads over HTTP in batches of 1,000."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.apis import Taking, manager_token, taking
from benchmarks.leads.load import SIZE

CONNECTIONS = 4
OURS, BARE = "lead-service", "FastAPI + asyncpg, two inserts"


@dataclass(frozen=True, slots=True)
class Stage:
    """Both apis, whoever sends leads, and how many batches a connection sends."""

    servers: Servers
    apis: dict[str, Taking]
    load: Child
    batches: int

    async def send(self, name: str) -> Figures:
        """Send the round's batches to an api, all connections at once."""
        taking = self.apis[name]
        await taking.begin_anew()
        with self.servers.stopwatch([taking.api.pid]) as took:
            told = await self.load.ask(f"send_batches {taking.api.port} {CONNECTIONS} {self.batches}")
        took.wall_s = told["seconds"]
        sent = CONNECTIONS * self.batches * SIZE
        await taking.check(sent)
        costs = took.each_of(sent)
        slowest = told["each_s"][int(len(told["each_s"]) * 0.99)]
        return {name: costs[name] for name in ("throughput", "python", "postgres")} | {"p99": slowest * 1e3}


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """lead-service's api as deployed, and the bare one."""
    async with (
        taking(servers, "bench_lead_batches_ours") as ours,
        taking(servers, "bench_lead_batches_bare", "benchmarks.leads.bare_batches") as bare,
        child("benchmarks.leads.load", token=manager_token(servers)) as load,
    ):
        yield Stage(servers, {OURS: ours, BARE: bare}, load, batches=size.of(full=10, quick=3, smoke=1))


def _sent_to(name: str) -> Callable[[Stage], Awaitable[Figures]]:
    return lambda stage: stage.send(name)


ROWS = (
    Row(
        name="lead_batches",
        title="Leads over HTTP, batches of 1,000",
        measures=(
            f"{CONNECTIONS} connections post batches of 1,000 leads of new people to one api process. Ours validates "
            "each, finds people, writes touch, lead and two events for each, and answers item by item; from the first "
            "byte sent to the last answer. No relay runs meanwhile."
        ),
        units={"throughput": "leads/s", "p99": "ms", "python": "µs", "postgres": "µs"},
        stage=stage,
        contenders=[Contender(name, _sent_to(name)) for name in (OURS, BARE)],
        targets=[Target("throughput", at_least=5_000)],
        needs_kafka=False,
    ),
)
