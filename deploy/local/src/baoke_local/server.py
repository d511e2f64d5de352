"""What our two servers share: one folder, one lock, one leashed process, the same address over restarts."""

import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import ClassVar, Self

from baoke_local.errors import ServerDidNotStart
from baoke_local.folders import FolderLock
from baoke_local.process import LeashedProcess


class LocalServer(ABC):
    """A server with its data in `folder`; a context manager; it ends with this process, however that ends.

    All methods block, so async code calls them with `asyncio.to_thread`. The address stays the same
    over `stop`, `kill`, `restart` and `start`.
    """

    kill_signal: ClassVar[Signals]

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self._process: LeashedProcess | None = None
        self._lock: FolderLock | None = None

    @classmethod
    @contextmanager
    def temporary(cls) -> Iterator[Self]:
        """Run a server on a new folder that is deleted afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="baoke-"))
        try:
            with cls._on_borrowed(folder) as server:
                yield server
        finally:
            shutil.rmtree(folder)

    def start(self) -> None:
        """Return when the server answers; a no-op while it runs.

        Raises:
            StaleDataFolder: the folder holds something else, or something incomplete.
            FolderInUse: another process runs a server on the folder.
            ServerDidNotStart: with the server's last words.
            ServerUnavailable: the machine lacks what the server needs.
        """
        if self._process is not None and self._process.alive:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._lock or FolderLock(self.folder)
        try:
            self._process = self._launch()
        except BaseException:
            self._release()
            raise

    def stop(self) -> None:
        """Shut the server down in good order; repeatable."""
        if self._process is not None:
            self._process.stop()
        self._release()

    def kill(self) -> None:
        """End the server at once, as a crash would: the next start recovers what it had; repeatable."""
        if self._process is not None:
            self._process.kill(self.kill_signal)
        self._release()

    def restart(self) -> None:
        """Stop the server in good order and start it again."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @classmethod
    def _on_borrowed(cls, folder: Path) -> Self:
        """Describe a server whose data nobody will want again."""
        return cls(folder)

    @abstractmethod
    def _launch(self) -> LeashedProcess:
        """Run the server on the folder, which is ours now, and return when it answers."""

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def wait_until(ready: Callable[[], bool], process: LeashedProcess, *, name: str, limit_s: float) -> None:
    """Return when `ready` says so.

    Raises:
        ServerDidNotStart: the process ended, or took longer than `limit_s`; it is gone then.
    """
    deadline = time.monotonic() + limit_s
    while not ready():
        if not process.alive or time.monotonic() > deadline:
            process.stop()
            raise ServerDidNotStart(f"{name} did not start. Its last words:\n{process.last_words()}")
        time.sleep(0.02)
