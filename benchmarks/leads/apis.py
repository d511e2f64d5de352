"""lead-service's api as deployed, and bare ones beside it, each over lead-service's tables."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from baoke_chassis import migrations
from baoke_chassis.access import Role
from baoke_chassis.database import Database
from baoke_chassis.local_issuer import LocalIssuer
from lead_service.app import service as compose
from lead_service.settings import Settings
from sqlalchemy import text

from benchmarks.harness import Servers
from benchmarks.leads.bare_apis import DEALER
from benchmarks.odometer.serving import Api, free_port, serving

OURS = ("lead_service", "api")


@dataclass(frozen=True, slots=True)
class Taking:
    """One or more processes of an api that takes leads in, and their database."""

    apis: Sequence[Api]
    database: Database

    @property
    def ports(self) -> str:
        """Where they listen, as `load` is told."""
        return ",".join(str(api.port) for api in self.apis)

    @property
    def pids(self) -> list[int]:
        """Whose processor time counts."""
        return [api.pid for api in self.apis]

    async def begin_anew(self) -> None:
        """No lead has come yet."""
        async with self.database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE lead, touch, outbox, stream_head"))

    async def check(self, sent: int) -> None:
        """Make sure that each lead was stored, with its event.

        Raises:
            AssertionError: it was not.
        """
        query = "SELECT count(*), (SELECT count(*) FROM outbox WHERE topic = 'baoke.leads') FROM lead"
        async with self.database.engine.connect() as connection:
            leads, events = (await connection.execute(text(query))).one()
        if (leads, events) != (sent, sent):
            raise AssertionError(f"{sent} leads sent, {leads} stored, {events} events in the outbox")


def manager_token(servers: Servers) -> str:
    """A token that the apis take."""
    return _issuer(servers).token(Role.MANAGER, dealer_id=DEALER)


@asynccontextmanager
async def tables(url: str) -> AsyncIterator[Database]:
    """A database with lead-service's tables."""
    database = Database(url, service="lead-service")
    try:
        await migrations.upgrade(compose(Settings(database_url="unused")), database.engine)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def lead_api(servers: Servers, url: str, *bare: str) -> AsyncIterator[Api]:
    """lead-service over that database, or `python -m <bare> <url> <port>`."""
    port = free_port()
    command = [*bare, url, str(port)] if bare else OURS
    settings = {
        "BAOKE_DATABASE_URL": url,
        "BAOKE_PORT": str(port),
        "BAOKE_JWKS_FILE": str(_issuer(servers).jwks_file),
        "BAOKE_LOG_LEVEL": "WARNING",
        "BAOKE_INTAKE_SECRET_KEY": "of no worth, for no webhook is kept",
    }
    async with serving("-m", *command, port=port, settings=settings) as api:
        yield api


@asynccontextmanager
async def taking(servers: Servers, name: str, *bare: str, processes: int = 1) -> AsyncIterator[Taking]:
    """lead-service, or the `bare` module, over a database of that name with no leads in it."""
    url = servers.database(name)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(tables(url))
        apis = [await stack.enter_async_context(lead_api(servers, url, *bare)) for _ in range(processes)]
        yield Taking(apis, database)


def _issuer(servers: Servers) -> LocalIssuer:
    return LocalIssuer(servers.folder / "issuer")
