"""The two processes of a service, from their first line to their last."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from baoke_events.bell import Bell
from baoke_events.transports import Transport
from baoke_events.transports.kafka import KafkaTransport
from fastapi import FastAPI, Response

from baoke_chassis import health, process
from baoke_chassis.database import Database
from baoke_chassis.pools import watch_pool
from baoke_chassis.service import Service
from baoke_chassis.serving import serve, told_to_stop
from baoke_chassis.worker import Worker


def open_database(service: Service) -> Database:
    """The service's database, by its settings."""
    settings = service.settings
    database = Database(
        settings.database_url,
        service=service.name,
        pool_size=settings.database_pool_size,
        timeout_s=settings.database_timeout_s,
    )
    watch_pool(service.name, database.engine)
    return database


def open_kafka(service: Service) -> KafkaTransport:
    """What carries the service's events between processes.

    Raises:
        SystemExit: the settings name the embedded transport, which is that of one process.
    """
    if service.settings.transport != "kafka":
        raise SystemExit("A process of its own needs BAOKE_TRANSPORT=kafka; the embedded transport is `make run`'s.")
    return KafkaTransport(service.settings.kafka_bootstrap_servers, client_id=service.name)


async def run_api(service: Service) -> None:
    """Serve HTTP until told to stop."""
    from baoke_chassis.http import build_api  # noqa: PLC0415 (a worker does without)

    settings = service.settings
    database = open_database(service)
    try:
        async with ringing(database):
            app = build_api(service, database)
            process.settle_memory()
            await serve(app, host=settings.host, port=settings.port, until=told_to_stop(), drain_s=settings.drain_s)
    finally:
        await database.close()


@asynccontextmanager
async def ringing(database: Database) -> AsyncIterator[None]:
    """Wake the relays of other processes when this one has published."""
    bell = Bell(database.engine)
    database.on_published(bell.ring)
    keeps_ringing = asyncio.create_task(bell.keep_ringing(), name="bell")
    try:
        yield
    finally:
        bell.stop()
        await keeps_ringing


async def run_worker(service: Service) -> None:
    """Carry events out and in and do what the clock starts, until told to stop."""
    database, transport = open_database(service), open_kafka(service)
    worker = Worker(service, database, transport)
    async with _probed(service, database, transport, worker) as probes:
        stop = told_to_stop()
        await worker.start()
        process.settle_memory()
        await stop.wait()
        probes.state.draining = True
        await worker.stop()
    await transport.close()
    await database.close()


@asynccontextmanager
async def _probed(service: Service, database: Database, transport: Transport, worker: Worker) -> AsyncIterator[FastAPI]:
    """Answer probes and scrapes on the worker's small port, where it was given one."""
    settings, ended = service.settings, asyncio.Event()
    app = worker_probes(database, transport, worker)
    if settings.metrics_port is None:
        yield app
        return
    serving = asyncio.create_task(serve(app, host=settings.host, port=settings.metrics_port, until=ended))
    try:
        yield app
    finally:
        ended.set()
        await serving


def worker_probes(database: Database, transport: Transport, worker: Worker) -> FastAPI:
    """`/healthz`, `/readyz` and `/metrics` of a worker. It is alive while its relay and its jobs are."""
    app = FastAPI(openapi_url=None, telemetry={"tracing": False, "metrics": False, "logs": False})
    app.state.database, app.state.transport = database, transport

    @app.get("/healthz")
    async def alive(response: Response) -> health.Health:
        lost = worker.lost
        response.status_code = 503 if lost else 200
        return health.Health(status="unavailable" if lost else "ok", checks=dict.fromkeys(lost, "ended"))

    app.include_router(health.router)
    return app
