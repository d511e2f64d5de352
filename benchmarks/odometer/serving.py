"""An api in a process of its own."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from benchmarks.harness.machine import ROOT

LIMIT_S = 60


@dataclass(frozen=True, slots=True)
class Api:
    """Where it listens, and its process."""

    port: int
    pid: int


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def serving(*words: str, port: int, settings: Mapping[str, str] | None = None) -> AsyncIterator[Api]:
    """`python <words>`, once `/readyz` answers 200; it is told to stop at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, cwd=ROOT, env={**os.environ, **(settings or {})}
    )
    try:
        async with asyncio.timeout(LIMIT_S), httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            while not await _ready(client):
                if process.returncode is not None:
                    raise RuntimeError(f"{' '.join(words)} did not start")
                await asyncio.sleep(0.05)
        yield Api(port, process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), LIMIT_S)


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
