"""A process that is started again whenever it ends, as an orchestrator would."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from baoke_local import leash

RESTART_AFTER_S = 0.3
STOP_GRACE_S = 15


class Supervised:
    """One process under supervision. Like every server of ours it is on a leash: it cannot outlive this one."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self.name = name
        self.killed = 0
        """How often it was killed on purpose."""
        self.starts = 0
        self._pid_file = folder / f"{name}.pid"
        self._log = folder / f"{name}.log"
        words = [f"{key}={value}" for key, value in environment.items()]
        self._command = ["/usr/bin/env", *words, *command]
        self._leash: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None

    @property
    def ended_by_itself(self) -> int:
        """How often it ended without having been killed."""
        return self.starts - self.killed - 1

    async def start(self) -> None:
        """Run it from now on."""
        await self._launch()
        self._keeping = asyncio.create_task(self._keep(), name=f"keep {self.name}")

    async def stop(self) -> None:
        """Have it shut down in good order, for good."""
        if self._keeping is None or self._leash is None or self._leash.stdin is None:
            return
        self._keeping.cancel()
        self.signal(signal.SIGCONT)
        self._leash.stdin.close()
        await self._leash.wait()

    def kill(self) -> None:
        """SIGKILL."""
        self.killed += self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> bool:
        """Send a signal to the process itself. False where it is not running at the moment."""
        with suppress(FileNotFoundError, ValueError, ProcessLookupError):
            os.kill(int(self._pid_file.read_text()), number)
            return True
        return False

    async def _keep(self) -> None:
        while self._leash is not None:
            await self._leash.wait()
            self._pid_file.unlink(missing_ok=True)
            await asyncio.sleep(RESTART_AFTER_S)
            await self._launch()

    async def _launch(self) -> None:
        order = {
            "command": self._command,
            "stop_signal": int(signal.SIGTERM),
            "grace_s": STOP_GRACE_S,
            "account": None,
            "pid_file": str(self._pid_file),
        }
        with self._log.open("ab") as log:
            self._leash = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                leash.__file__,
                json.dumps(order),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1
