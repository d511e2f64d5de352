"""Who holds a data folder: one running process at a time, and no leftover server."""

import fcntl
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import IO

import psutil

from baoke_local.errors import FolderInUse

LEFTOVER_GRACE_S = 20


class FolderLock:
    """The exclusive use of a data folder, held until `release` or the end of this process."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which must exist.

        Raises:
            FolderInUse: another process, or another server object of this one, has it.
        """
        self._file: IO[bytes] = (folder / "lock").open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            message = f"The data folder {folder} is in use by another run of Baoke: stop that one first."
            raise FolderInUse(message) from error

    def release(self) -> None:
        """Let others take the folder; repeatable."""
        self._file.close()


def end_leftover(pid_file: Path, folder: Path, stop_signal: Signals) -> None:
    """End the server that an earlier, killed run left behind on `folder`, and remove its pid file.

    To be called under the folder's lock: whoever runs on it then is a leftover. A process that merely
    got the same number since is left alone.
    """
    server = _server_of(pid_file, folder)
    if server is not None:
        with suppress(psutil.NoSuchProcess):  # it may be ending by itself
            server.send_signal(stop_signal)
            _, alive = psutil.wait_procs([server], timeout=LEFTOVER_GRACE_S)
            for stubborn in alive:
                stubborn.kill()
                stubborn.wait(LEFTOVER_GRACE_S)
    pid_file.unlink(missing_ok=True)


def _server_of(pid_file: Path, folder: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        ours = any(str(folder) in word for word in process.cmdline())
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None
    return process if ours else None
