"""A service on a socket of its own, at home with the samples' dealer, for callers that know only its document."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Event as Flag

import pytest
from baoke_chassis import migrations
from baoke_chassis.access import Role, Tokens
from baoke_chassis.database import Database
from baoke_chassis.http import build_api
from baoke_chassis.jwks import Keys
from baoke_chassis.local_issuer import AUDIENCE, ISSUER, LocalIssuer
from baoke_chassis.service import Service
from baoke_chassis.serving import Server, listen
from baoke_chassis.testing import record_of
from baoke_chassis.worker import consumer_of
from baoke_events.consuming import Subscriptions
from baoke_events.contracts.samples import SAMPLES
from baoke_events.contracts.samples.cast import DEALER
from baoke_local.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def admin_token(issuer: LocalIssuer) -> str:
    return issuer.token(Role.ADMIN, dealer_id=DEALER)


@pytest.fixture(scope="session")
def address(service: Service, postgres: EmbeddedPostgres, issuer: LocalIssuer) -> Iterator[str]:
    """Where the service answers, in a thread and a database of its own."""
    name = f"fuzzed_{service.package}"
    postgres.create_database(name)
    listening = listen("127.0.0.1")
    stop, started = Flag(), Flag()

    async def serve() -> None:
        async with _settled(service, postgres.url(name)) as database:
            app = build_api(service, database)
            app.state.tokens = Tokens(Keys(file=issuer.jwks_file), ISSUER, AUDIENCE)
            server = Server(app, log_level="critical", lifespan="off")
            serving = asyncio.create_task(server.serve([listening]))
            while not server.started:
                await asyncio.sleep(0.01)
            started.set()
            await asyncio.to_thread(stop.wait)
            server.should_exit = True
            await serving

    with ThreadPoolExecutor(1) as thread:
        done = thread.submit(asyncio.run, serve())
        while not started.wait(0.1):
            if done.done():
                done.result()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stop.set()
        done.result()


@asynccontextmanager
async def _settled(service: Service, url: str) -> AsyncIterator[Database]:
    """The service's database, migrated, with all that it was told of the samples' dealer."""
    database = Database(url, service=service.name)
    await migrations.upgrade(service, database.engine)
    heard = Subscriptions.of(service.subscriptions).types
    story = sorted((event for event in SAMPLES.values() if event.type in heard), key=lambda e: e.occurred_at)
    await consumer_of(service, database).process([record_of(event) for event in story])
    yield database
    await database.close()
