"""Leads over HTTP in batches of 1,000."""

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
from benchmarks.leads.load import SIZE
from benchmarks.odometer.serving import Api, free_port, serving

CONNECTIONS = 4
OURS, BARE = "lead-service", "FastAPI + asyncpg, two inserts"


@dataclass(frozen=True, slots=True)
class Stage:
    """Both apis, each over a database of its own, whoever sends leads, and how many batches a connection sends."""

    servers: Servers
    apis: dict[str, tuple[Api, Database]]
    load: Child
    batches: int

    async def send(self, name: str) -> Figures:
        """Send the round's batches to an api, all connections at once."""
        api, database = self.apis[name]
        async with database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE lead, touch, outbox, stream_head"))
        with self.servers.stopwatch([api.pid]) as took:
            told = await self.load.ask(f"send_batches {api.port} {CONNECTIONS} {self.batches}")
        took.wall_s = told["seconds"]
        sent = CONNECTIONS * self.batches * SIZE
        async with database.engine.connect() as connection:
            stored = await connection.scalar(text("SELECT count(*) FROM lead"))
        if stored != sent:
            raise AssertionError(f"{sent} leads sent, {stored} stored")
        costs = took.each_of(sent)
        slowest = told["each_s"][int(len(told["each_s"]) * 0.99)]
        return {name: costs[name] for name in ("throughput", "python", "postgres")} | {"p99": slowest * 1e3}


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """lead-service's api as deployed, and the bare one."""
    issuer = LocalIssuer(servers.folder / "issuer")
    token = issuer.token(Role.MANAGER, dealer_id=DEALER)
    async with AsyncExitStack() as stack:
        apis: dict[str, tuple[Api, Database]] = {}
        for name, short in ((OURS, "ours"), (BARE, "bare")):
            url, port = servers.database(f"bench_lead_batches_{short}"), free_port()
            database = Database(url, service="lead-service")
            stack.push_async_callback(database.close)
            await migrations.upgrade(compose(Settings(database_url="unused")), database.engine)
            words = {"ours": ["lead_service", "api"], "bare": ["benchmarks.leads.bare_batches", url, str(port)]}[short]
            settings = {
                "BAOKE_DATABASE_URL": url,
                "BAOKE_PORT": str(port),
                "BAOKE_JWKS_FILE": str(issuer.jwks_file),
                "BAOKE_LOG_LEVEL": "WARNING",
                "BAOKE_INTAKE_SECRET_KEY": "benchmarks on this machine",
            }
            apis[name] = await stack.enter_async_context(serving("-m", *words, port=port, settings=settings)), database
        load = await stack.enter_async_context(child("benchmarks.leads.load", token=token))
        yield Stage(servers, apis, load, batches=size.of(full=10, quick=3, smoke=1))


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
