"""Leads over HTTP, one at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.apis import Taking, manager_token, taking

CONNECTIONS = 16
OURS, BARE, ORM = "lead-service", "FastAPI + asyncpg, two inserts", "FastAPI + ORM, two inserts"
UNITS = {"throughput": "leads/s", "p50": "ms", "p99": "ms", "idle_p50": "ms", "python": "µs", "postgres": "µs"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The apis, whoever sends leads, and how many a connection sends in a round."""

    servers: Servers
    apis: dict[str, Taking]
    load: Child
    leads: int

    async def send(self, name: str) -> Figures:
        """Send the round's leads to an api, all connections at once, and then some over a single one."""
        taking = self.apis[name]
        await taking.begin_anew()
        with self.servers.stopwatch(taking.pids) as took:
            busy = await self.load.ask(f"send {taking.ports} {CONNECTIONS} {self.leads}")
        idle = await self.load.ask(f"send {taking.ports} 1 {self.leads}")
        await taking.check((CONNECTIONS + 1) * self.leads)
        took.wall_s = busy["seconds"]
        costs = took.each_of(CONNECTIONS * self.leads)
        return {name: costs[name] for name in ("throughput", "python", "postgres")} | {
            "p50": busy["each_s"][len(busy["each_s"]) // 2] * 1e3,
            "p99": busy["each_s"][int(len(busy["each_s"]) * 0.99)] * 1e3,
            "idle_p50": idle["each_s"][len(idle["each_s"]) // 2] * 1e3,
        }


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """lead-service's api as deployed, and both yardsticks."""
    bare = "benchmarks.leads.bare_apis"
    async with (
        taking(servers, "bench_leads_ours") as ours,
        taking(servers, "bench_leads_asyncpg", bare, "asyncpg") as by_asyncpg,
        taking(servers, "bench_leads_orm", bare, "orm") as by_orm,
        child("benchmarks.leads.load", token=manager_token(servers)) as load,
    ):
        apis = {OURS: ours, BARE: by_asyncpg, ORM: by_orm}
        yield Stage(servers, apis, load, leads=size.of(full=400, quick=100, smoke=3))


def _sent_to(name: str) -> Callable[[Stage], Awaitable[Figures]]:
    return lambda stage: stage.send(name)


ROWS = (
    Row(
        name="leads",
        title="Create a lead over HTTP",
        measures=(
            f"{CONNECTIONS} connections post leads of new people to one api process, each the next when the last is "
            "answered. Ours verifies the token, validates, drops repeats, finds the person's open lead, writes touch, "
            "lead and two events with their versions, and traces; from the first byte sent to the last answer. "
            "`idle_p50` is the same over a single connection. No relay runs meanwhile."
        ),
        units=UNITS,
        stage=stage,
        contenders=[Contender(name, _sent_to(name)) for name in (OURS, BARE, ORM)],
        targets=[Target("throughput", at_least=0.5, of=BARE), Target("throughput", at_least=1.0, of=ORM)],
        needs_kafka=False,
    ),
)
