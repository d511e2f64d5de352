"""Odometer readings over HTTP in batches of 1,000."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from baoke_chassis import migrations
from baoke_chassis.access import Role
from baoke_chassis.database import Database
from baoke_chassis.local_issuer import LocalIssuer
from customer_service.app import service as compose
from customer_service.settings import Settings
from sqlalchemy import text

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.odometer import bare_api
from benchmarks.odometer.fleet import DEALER, register_fleet
from benchmarks.odometer.load import SIZE
from benchmarks.odometer.serving import Api, free_port, serving

CONNECTIONS = 4
OURS, ONE = "customer-service, an api process a core", "customer-service, one api process"
BARE = "FastAPI + asyncpg, two inserts"
CORES = 2
"""Of the machine whose figures are kept."""


@dataclass(frozen=True, slots=True)
class Stage:
    """The api's processes and the bare one, whoever reports to them, and how many batches a connection sends."""

    servers: Servers
    database: Database
    ours: Sequence[Api]
    bare: Api
    load: Child
    batches: int

    async def report(self, *apis: Api) -> tuple[Figures, dict[str, Any]]:
        """Send the round's batches to these; figures per reading, and what the load generator counted."""
        async with self.database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE outbox, bare_outbox"))
        await self.load.ask(f"prepare {self.batches}")
        with self.servers.stopwatch([api.pid for api in apis]) as took:
            told = await self.load.ask(f"send {','.join(str(api.port) for api in apis)}")
        took.wall_s = told["seconds"]
        sent = CONNECTIONS * self.batches * SIZE
        costs = took.each_of(sent)
        slowest = sorted(told["each_s"])[int(len(told["each_s"]) * 0.99)]
        return {name: costs[name] for name in ("throughput", "python", "postgres")} | {"p99": slowest * 1e3}, told


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """100,000 vehicles in customer-service's database, its api as deployed, the bare one on the same database."""
    url = servers.database("bench_odometer")
    vehicles = size.of(full=100_000, quick=20_000, smoke=CONNECTIONS * SIZE)
    issuer = LocalIssuer(servers.folder / "issuer")
    token = issuer.token(Role.MANAGER, dealer_id=DEALER)
    async with AsyncExitStack() as stack:
        service = compose(Settings(database_url=url))
        database = Database(url, service=service.name)
        stack.push_async_callback(database.close)
        await migrations.upgrade(service, database.engine)
        await register_fleet(database.engine, vehicles)
        async with database.engine.begin() as connection:
            for statement in bare_api.TABLES.split(";"):
                await connection.execute(text(statement))
        settings = {
            "BAOKE_DATABASE_URL": url,
            "BAOKE_JWKS_FILE": str(issuer.jwks_file),
            "BAOKE_LOG_LEVEL": "WARNING",
        }
        ours = [await stack.enter_async_context(_customer_service(settings)) for _ in range(CORES)]
        bare_port = free_port()
        words = ("-m", "benchmarks.odometer.bare_api", url.replace("+asyncpg", ""), str(bare_port))
        bare = await stack.enter_async_context(serving(*words, port=bare_port))
        load = await stack.enter_async_context(
            child("benchmarks.odometer.load", connections=CONNECTIONS, vehicles=vehicles, token=token)
        )
        yield Stage(servers, database, ours, bare, load, batches=size.of(full=25, quick=10, smoke=2))


def _customer_service(settings: dict[str, str]) -> AbstractAsyncContextManager[Api]:
    port = free_port()
    return serving("-m", "customer_service", "api", port=port, settings={**settings, "BAOKE_PORT": str(port)})


async def ours(stage: Stage, *, processes: int) -> Figures:
    """customer-service: validated, vehicles found and locked, judged, kept, odometers moved, events published."""
    figures, told = await stage.report(*stage.ours[:processes])
    repeated, absurd = CONNECTIONS * (stage.batches - 1) * SIZE // 20, CONNECTIONS * stage.batches * SIZE // 20
    sent = CONNECTIONS * stage.batches * SIZE
    if told["accepted"] + told["repeated"] + told["quarantined"] != sent or told["quarantined"] != absurd:
        raise AssertionError(f"of {sent} readings: {told}")
    if told["repeated"] < repeated:
        raise AssertionError(f"{told['repeated']} were told to be repeated, at least {repeated} are")
    async with stage.database.engine.connect() as connection:
        published = await connection.scalar(text("SELECT count(*) FROM outbox"))
    if published != told["accepted"]:
        raise AssertionError(f"{told['accepted']} accepted, {published} events in the outbox")
    return figures


async def bare(stage: Stage) -> Figures:
    """Validated by pydantic; the readings and a row to be sent for each, in one transaction."""
    figures, _ = await stage.report(stage.bare)
    return figures


ROWS = (
    Row(
        name="odometer",
        title="Odometer readings, HTTP batches of 1,000",
        measures=(
            "Four connections post batches of 1,000 readings of as many vehicles (90 % new, 5 % repeated, 5 % absurd, "
            "half by VIN); from the first byte sent to the last answer. Apis, PostgreSQL and the sender share two "
            "cores. No relay runs meanwhile."
        ),
        units={"throughput": "readings/s", "p99": "ms", "python": "µs", "postgres": "µs"},
        stage=stage,
        contenders=[
            Contender(OURS, partial(ours, processes=CORES)),
            Contender(ONE, partial(ours, processes=1)),
            Contender(BARE, bare),
        ],
        targets=[Target("throughput", at_least=10_000)],
        needs_kafka=False,
    ),
)
