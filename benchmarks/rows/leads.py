"""Leads over HTTP, one at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from baoke_chassis import migrations
from baoke_chassis.access import Role
from baoke_chassis.database import Database
from baoke_chassis.local_issuer import LocalIssuer
from lead_service.app import service as compose
from lead_service.settings import Settings
from sqlalchemy import text

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.bare_apis import DEALER
from benchmarks.odometer.serving import Api, free_port, serving

CONNECTIONS = 16
OURS, BARE, ORM = "lead-service", "FastAPI + asyncpg, two inserts", "FastAPI + ORM, two inserts"
UNITS = {"throughput": "leads/s", "p50": "ms", "p99": "ms", "idle_p50": "ms", "python": "µs", "postgres": "µs"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The apis, each over a database of its own, whoever sends leads, and how many a connection sends in a round."""

    servers: Servers
    apis: dict[str, tuple[Api, Database]]
    load: Child
    leads: int

    async def send(self, name: str) -> Figures:
        """Send the round's leads to an api, all connections at once, and then some over a single one."""
        api, database = self.apis[name]
        async with database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE lead, touch, outbox, stream_head"))
        with self.servers.stopwatch([api.pid]) as took:
            busy = await self.load.ask(f"send {api.port} {CONNECTIONS} {self.leads}")
        idle = await self.load.ask(f"send {api.port} 1 {self.leads}")
        await self._check(database)
        took.wall_s = busy["seconds"]
        costs = took.each_of(CONNECTIONS * self.leads)
        return {name: costs[name] for name in ("throughput", "python", "postgres")} | {
            "p50": busy["each_s"][len(busy["each_s"]) // 2] * 1e3,
            "p99": busy["each_s"][int(len(busy["each_s"]) * 0.99)] * 1e3,
            "idle_p50": idle["each_s"][len(idle["each_s"]) // 2] * 1e3,
        }

    async def _check(self, database: Database) -> None:
        sent = (CONNECTIONS + 1) * self.leads
        query = "SELECT count(*), (SELECT count(*) FROM outbox WHERE topic = 'baoke.leads') FROM lead"
        async with database.engine.connect() as connection:
            leads, events = (await connection.execute(text(query))).one()
        if (leads, events) != (sent, sent):
            raise AssertionError(f"{sent} leads sent, {leads} stored, {events} events in the outbox")


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """lead-service's api as deployed, and both yardsticks."""
    issuer = LocalIssuer(servers.folder / "issuer")
    token = issuer.token(Role.MANAGER, dealer_id=DEALER)
    async with AsyncExitStack() as stack:
        apis: dict[str, tuple[Api, Database]] = {}
        for name, words in ((OURS, None), (BARE, "asyncpg"), (ORM, "orm")):
            database = await _database(stack, servers, f"bench_leads_{words or 'ours'}")
            url, port = servers.database(f"bench_leads_{words or 'ours'}"), free_port()
            command = ["benchmarks.leads.bare_apis", words, url, str(port)] if words else ["lead_service", "api"]
            settings = {
                "BAOKE_DATABASE_URL": url,
                "BAOKE_PORT": str(port),
                "BAOKE_JWKS_FILE": str(issuer.jwks_file),
                "BAOKE_LOG_LEVEL": "WARNING",
                "BAOKE_INTAKE_SECRET_KEY": "benchmarks on this machine",
            }
            api = await stack.enter_async_context(serving("-m", *command, port=port, settings=settings))
            apis[name] = api, database
        load = await stack.enter_async_context(child("benchmarks.leads.load", token=token))
        yield Stage(servers, apis, load, leads=size.of(full=400, quick=100, smoke=3))


async def _database(stack: AsyncExitStack, servers: Servers, name: str) -> Database:
    """lead-service's tables, empty."""
    database = Database(servers.database(name), service="lead-service")
    stack.push_async_callback(database.close)
    await migrations.upgrade(compose(Settings(database_url="unused")), database.engine)
    return database


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
