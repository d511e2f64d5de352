"""A server process that cannot outlive the process that started it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from signal import Signals

from baoke_local import leash


class LeashedProcess:
    """A running server, held by `leash.py`.

    It has its own session, so that Ctrl-C in a terminal reaches only the starter, which then
    ends its own work first and the server last.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        stop_signal: Signals,
        grace_s: float,
        account: str | None = None,
        pid_file: Path | None = None,
    ) -> None:
        order = {
            "command": list(command),
            "stop_signal": int(stop_signal),
            "grace_s": grace_s,
            "account": account,
            "pid_file": str(pid_file) if pid_file else None,
        }
        self._log = log
        self._patience_s = grace_s + 5
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 - our own script, no shell
                [sys.executable, "-I", leash.__file__, json.dumps(order)],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether the server has not ended yet."""
        return self._process.poll() is None

    def stop(self) -> None:
        """Have the server shut down in good order and return when it has gone; repeatable."""
        self._process.communicate(timeout=self._patience_s)

    def kill(self, signal: Signals) -> None:
        """End the server with `signal` and return when it has gone; repeatable."""
        if self.alive:
            self._process.communicate(f"{int(signal)}\n".encode(), timeout=self._patience_s)

    def last_words(self, lines: int = 8) -> str:
        """Return the end of what the server has logged since it was started."""
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            said = log.read().decode(errors="replace").splitlines()
        return "\n".join(said[-lines:])
