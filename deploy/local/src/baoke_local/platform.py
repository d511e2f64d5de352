"""All services in this process, on one port, over one embedded PostgreSQL."""

import asyncio
import importlib
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from baoke_chassis import migrations
from baoke_chassis.database import Database
from baoke_chassis.launch import open_database
from baoke_chassis.local_issuer import LocalIssuer
from baoke_chassis.service import Service
from baoke_chassis.serving import Server, listen
from baoke_chassis.worker import Worker
from baoke_events.transports import Transport
from baoke_events.transports.embedded import EmbeddedTransport
from baoke_events.transports.kafka import KafkaTransport
from starlette.types import ASGIApp

from baoke_local.errors import LocalServerError
from baoke_local.gateway import gateway
from baoke_local.postgres import EmbeddedPostgres
from baoke_local.secrets import LocalSecrets

PACKAGES = ("lead_service", "customer_service", "service_reminder", "loyalty_service", "notification_service")


class PortTaken(LocalServerError):
    """Something else listens on the port."""


@dataclass(frozen=True, slots=True)
class Running:
    """One service at work."""

    service: Service
    database: Database
    transport: Transport
    worker: Worker


class Platform:
    """Started and stopped as a whole; its data stays in the folder and in PostgreSQL."""

    def __init__(self, folder: Path, postgres: EmbeddedPostgres, *, port: int, kafka: str | None = None) -> None:
        """Describe the platform; `kafka` is the address of a broker, None is the embedded transport."""
        self.base_url = f"http://127.0.0.1:{port}"
        self.issuer = LocalIssuer(folder)
        self.running: dict[str, Running] = {}
        self._secrets = LocalSecrets(folder)
        self._postgres, self._port, self._kafka = postgres, port, kafka
        self._embedded = EmbeddedTransport()
        self._stack = AsyncExitStack()

    async def start(self, *, say: Callable[[str], None] = lambda _: None) -> None:
        """Bring every database to the newest version, then serve HTTP and carry events.

        Raises:
            PortTaken: something else listens on the port; nothing was started.
        """
        listening = self._listen()
        for package in PACKAGES:
            say(package.replace("_", "-"))
            await self._prepare(package)
        await self._serve(listening)
        for running in self.running.values():
            await running.worker.listen()
        for running in self.running.values():
            await running.worker.start()
        self._stack.push_async_callback(self._stop_workers)

    async def stop(self) -> None:
        """Finish the batches in hand and the answers under way, then let go of everything."""
        await self._stack.aclose()

    async def _prepare(self, package: str) -> None:
        await asyncio.to_thread(self._postgres.create_database, package)
        service = self._compose(package)
        database = open_database(service)
        self._stack.push_async_callback(database.close)
        await migrations.upgrade(service, database.engine)
        transport = KafkaTransport(self._kafka, client_id=service.name) if self._kafka else self._embedded
        self._stack.push_async_callback(transport.close)
        self.running[service.name] = Running(service, database, transport, Worker(service, database, transport))

    def _compose(self, package: str) -> Service:
        """The service as its own `app.py` puts it together, with this machine's settings."""
        settings = importlib.import_module(f"{package}.settings").Settings(
            database_url=self._postgres.url(package),
            database_pool_size=16,
            transport="kafka" if self._kafka else "embedded",
            kafka_bootstrap_servers=self._kafka or "none",
            jwks_file=self.issuer.jwks_file,
            **self._secrets.settings(package, public_url=f"{self.base_url}/{package.replace('_', '-')}"),
        )
        service: Service = importlib.import_module(f"{package}.app").service(settings)
        return service

    def _listen(self) -> socket.socket:
        try:
            listening = listen("127.0.0.1", self._port)
        except OSError as error:
            raise PortTaken(
                f"Port {self._port} is taken by another program. Choose one: make run PORT={self._port + 1}"
            ) from error
        self._stack.callback(listening.close)
        return listening

    async def _serve(self, listening: socket.socket) -> None:
        """Serve HTTP until the platform stops."""
        server = Server(self._gateway(), lifespan="off", timeout_graceful_shutdown=5)
        serving = asyncio.create_task(server.serve([listening]), name="http")

        async def end() -> None:
            server.should_exit = True
            await serving

        self._stack.push_async_callback(end)
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)

    def _gateway(self) -> ASGIApp:
        return gateway([(r.service, r.database, r.transport) for r in self.running.values()])

    async def _stop_workers(self) -> None:
        await asyncio.gather(*(running.worker.stop() for running in self.running.values()))
