"""A process of the run's own that does one thing until it is told to stop.

It says `ready` on its standard output, then answers each line of its standard input with one line of JSON.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.harness.machine import ROOT

LONGEST_ANSWER = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Child:
    """A running process."""

    process: asyncio.subprocess.Process

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid

    async def ask(self, question: str) -> Any:
        """Its answer."""
        assert self.process.stdin is not None  # noqa: S101 (both are pipes)
        self.process.stdin.write(f"{question}\n".encode())
        await self.process.stdin.drain()
        return json.loads(await self._line())

    async def _line(self) -> bytes:
        assert self.process.stdout is not None  # noqa: S101
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the benchmarks ended before its time; its error is above")
        return line


@asynccontextmanager
async def child(module: str, **settings: Any) -> AsyncIterator[Child]:
    """`python -m <module> <settings as JSON>`, ready; it ends with the block, for its standard input ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        json.dumps(settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=LONGEST_ANSWER,
    )
    running = Child(process)
    try:
        if await running._line() != b"ready\n":  # noqa: SLF001 (its maker)
            raise RuntimeError(f"{module} did not start")
        yield running
    finally:
        if process.stdin is not None:
            process.stdin.close()
        await asyncio.wait_for(process.wait(), 30)


async def questions() -> AsyncIterator[str]:
    """In the child: say `ready`, then yield what is asked until the parent wants no more."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.strip()


def answer(value: Any) -> None:
    """In the child: one line."""
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()
