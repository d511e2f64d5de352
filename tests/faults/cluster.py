"""The platform as it runs in production: processes of their own, a broker, a database, and a network between them."""

import asyncio
import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
from baoke_chassis import migrations
from baoke_chassis.cli import open_database
from baoke_chassis.local_issuer import LocalIssuer
from baoke_local.kafka import LocalKafka
from baoke_local.platform import PACKAGES
from baoke_local.postgres import EmbeddedPostgres
from baoke_local.secrets import LocalSecrets
from baoke_local.topics import ensure_topics, read_topics

from faults.ports import free_ports
from faults.proxy import Proxy
from faults.supervised import Supervised

REPLICAS = {"lead_service": 1, "service_reminder": 1}
"""Workers per service; two where nothing else is said."""
PATIENCE_S = 10
"""How long a service waits for its database; a production default is longer, and recovers later."""
OUR_MODULES = str(Path(__file__).parents[1])


class Cluster:
    """Five services, each an api and one or two workers, behind one proxy to Kafka and one to PostgreSQL.

    The tests themselves (the checker, the probes' eyes) talk to both directly.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder / "postgres", durable=True)
        self.issuer = LocalIssuer(folder)
        self.urls: dict[str, str] = {}
        """Each service's own address, by its name as in `lead-service`."""
        self.processes: dict[str, Supervised] = {}
        self.broker_turn, self.database_turn = asyncio.Lock(), asyncio.Lock()
        """Who starts or stops a server has its turn."""
        self._secrets = LocalSecrets(folder)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start_network()
            async with asyncio.TaskGroup() as starting:
                starting.create_task(self._start_broker())
                starting.create_task(self._migrate())
            await self._start_services()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(process.stop() for process in self.processes.values()))
        await self._stack.aclose()

    def of(self, package: str, role: str) -> list[Supervised]:
        """A package's processes of one role: api, worker or writer."""
        return [process for name, process in self.processes.items() if name.startswith(f"{package}.{role}")]

    async def add(self, name: str, package: str, command: Sequence[str]) -> Supervised:
        """Run one more process, in the environment of the package's own."""
        process = Supervised(name, [sys.executable, *command], self._environment(package), self.folder)
        self.processes[name] = process
        await process.start()
        return process

    async def remove(self, process: Supervised) -> None:
        """Stop a process that was added."""
        del self.processes[process.name]
        await process.stop()

    async def operate(self, package: str, *words: str) -> str:
        """What an operator's command beside the package's processes answers.

        Raises:
            CalledProcessError: it failed.
        """
        command = [sys.executable, "-m", package, *words]
        environment = {**os.environ, **self._environment(package)}
        done = await asyncio.to_thread(
            subprocess.run, command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()

    async def connect(self, package: str) -> asyncpg.Connection:
        """A connection to a service's database, past the proxy."""
        return await asyncpg.connect(host=str(self._socket.parent), user="postgres", database=package)

    async def ready(self, *, within_s: float) -> None:
        """Every api says that it is ready.

        Raises:
            TimeoutError: naming those that do not.
        """
        waiting = dict(self.urls)
        async with httpx.AsyncClient(trust_env=False) as http:
            end = asyncio.get_running_loop().time() + within_s
            while waiting:
                for name, url in list(waiting.items()):
                    if await _is_ready(http, url):
                        del waiting[name]
                if waiting and asyncio.get_running_loop().time() > end:
                    raise TimeoutError(f"not ready: {', '.join(waiting)}")
                await asyncio.sleep(0.1)

    @property
    def _socket(self) -> Path:
        query = parse_qs(urlsplit(self.postgres.url("postgres")).query)
        return Path(query["host"][0]) / ".s.PGSQL.5432"

    async def _start_network(self) -> None:
        """The database, and a proxy before it and before the broker to come."""
        self._stack.callback(self.postgres.stop)
        await asyncio.to_thread(self.postgres.start)
        self.to_postgres = Proxy(lambda: asyncio.open_unix_connection(str(self._socket)))
        self._stack.push_async_callback(self.to_postgres.stop)
        self._postgres_port = await self.to_postgres.start()
        self.to_kafka = Proxy(lambda: asyncio.open_connection(*self.kafka.behind_proxy))
        self._stack.push_async_callback(self.to_kafka.stop)
        self._kafka_port = await self.to_kafka.start()

    async def _start_broker(self) -> None:
        self.kafka = LocalKafka(self.folder / "kafka", proxy_port=self._kafka_port, session_s=4)
        self._stack.callback(self.kafka.stop)
        await asyncio.to_thread(self.kafka.start)
        await ensure_topics(self.kafka.bootstrap, read_topics())

    async def _start_services(self) -> None:
        ports = dict(zip(PACKAGES, free_ports(len(PACKAGES)), strict=True))
        self.urls.update({_service(package): f"http://127.0.0.1:{port}" for package, port in ports.items()})
        for package in PACKAGES:
            await self.add(f"{package}.api", package, ["-m", package, "api"])
            for number in range(REPLICAS.get(package, 2)):
                await self.add(f"{package}.worker-{number}", package, ["-m", package, "worker"])

    async def _migrate(self) -> None:
        for package in PACKAGES:
            await asyncio.to_thread(self.postgres.create_database, package)
            settings = importlib.import_module(f"{package}.settings").Settings(database_url=self.postgres.url(package))
            service = importlib.import_module(f"{package}.app").service(settings)
            database = open_database(service)
            await migrations.upgrade(service, database.engine)
            await database.close()

    def _environment(self, package: str) -> dict[str, str]:
        url = self.urls[_service(package)]
        settings = {
            "database_url": f"postgresql+asyncpg://postgres@127.0.0.1:{self._postgres_port}/{package}",
            "database_pool_size": "5",
            "database_timeout_s": str(PATIENCE_S),
            "kafka_bootstrap_servers": f"127.0.0.1:{self._kafka_port}",
            "jwks_file": str(self.issuer.jwks_file.absolute()),
            "port": str(urlsplit(url).port),
            "log_level": "WARNING",
            **{name: str(value) for name, value in self._secrets.settings(package, public_url=url).items()},
        }
        return {"PYTHONPATH": OUR_MODULES} | {f"BAOKE_{name.upper()}": value for name, value in settings.items()}


def _service(package: str) -> str:
    return package.replace("_", "-")


async def _is_ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(f"{url}/readyz", timeout=5)).is_success
    except httpx.HTTPError:
        return False
