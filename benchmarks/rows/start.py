"""`make run`, once everything is installed: when all services say that they are ready."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx
from baoke_local.platform import PACKAGES

from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.harness.machine import ROOT

LIMIT_S = 120
SERVICES = [package.replace("_", "-") for package in PACKAGES]


@dataclass(frozen=True, slots=True)
class Stage:
    """Folders for the platform's data: one that is new each time, one that stays."""

    servers: Servers
    kept: Path
    new: Path


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """No server runs but those that `make run` starts."""
    yield Stage(servers, servers.folder / "kept", servers.folder / "new")


async def first_start(stage: Stage) -> Figures:
    """On a new folder: PostgreSQL's data folder is made, all migrations run."""
    shutil.rmtree(stage.new, ignore_errors=True)
    return await _start(stage.new, "embedded")


async def next_start(stage: Stage) -> Figures:
    """On the folder of an earlier run."""
    if not stage.kept.exists():
        await _start(stage.kept, "embedded")
    return await _start(stage.kept, "embedded")


async def first_start_with_kafka(stage: Stage) -> Figures:
    """On a new folder, with a real Kafka that is formatted and gets its topics."""
    shutil.rmtree(stage.new, ignore_errors=True)
    return await _start(stage.new, "kafka")


async def _start(folder: Path, transport: str) -> Figures:
    port = _free_port()
    began = monotonic()
    words = ["-m", "baoke_local.run", "--folder", str(folder), "--port", str(port), "--transport", transport]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL, env=dict(os.environ)
    )
    try:
        async with asyncio.timeout(LIMIT_S), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            for service in SERVICES:
                while not await _ready(client, service):  # noqa: ASYNC110 (another process)
                    await asyncio.sleep(0.02)
        return {"ready": monotonic() - began}
    finally:
        process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), LIMIT_S)


async def _ready(client: httpx.AsyncClient, service: str) -> bool:
    try:
        return (await client.get(f"/{service}/readyz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


ROWS = (
    Row(
        name="start",
        title="All services ready after `make run`",
        measures="From the start of the command until `/readyz` of all five services has answered 200.",
        units={"ready": "s"},
        stage=stage,
        contenders=[
            Contender("a new folder", first_start),
            Contender("a folder of an earlier run", next_start),
            Contender("a new folder, TRANSPORT=kafka", first_start_with_kafka),
        ],
        targets=[Target("ready", at_most=10)],
        rounds=3,
        warm_up=False,
    ),
)
