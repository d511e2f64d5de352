"""A real PostgreSQL 18 from a Python wheel, run as a child of this process."""

import hashlib
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import Self
from urllib.parse import quote

from baoke_local.account import Account, server_account
from baoke_local.errors import FolderInUse, LocalServerError, ServerDidNotStart
from baoke_local.folders import FolderLock, end_leftover
from baoke_local.postgres_data import prepare_data, program
from baoke_local.process import LeashedProcess

FAST_SHUTDOWN = Signals.SIGINT
IMMEDIATE_SHUTDOWN = Signals.SIGQUIT
START_LIMIT_S = 120
_LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_CREATE_IF_MISSING = """
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""


class EmbeddedPostgres:
    """PostgreSQL 18 on a Unix socket, with its data in `folder`; it ends with this process.

    A context manager. All methods block (start: about half a second, plus a second for a new folder), so
    async code calls them with `asyncio.to_thread`. The address stays the same over `stop`, `kill` and `start`.
    As root the server runs as the user `pgserver`.
    """

    def __init__(self, folder: Path, *, durable: bool = True, max_connections: int = 300) -> None:
        """Describe the server; `durable=False` trades safety against a crash of the machine for speed (tests)."""
        self.folder = folder.absolute()
        self._durable = durable
        self._max_connections = max_connections
        self._process: LeashedProcess | None = None
        self._lock: FolderLock | None = None

    @classmethod
    @contextmanager
    def temporary(cls, *, durable: bool = False) -> Iterator[Self]:
        """Run a server on a new folder that is deleted afterwards."""
        folder = Path(tempfile.mkdtemp(prefix="baoke-pg-"))
        try:
            with cls(folder, durable=durable) as server:
                yield server
        finally:
            shutil.rmtree(folder)

    def start(self) -> None:
        """Return when the server takes connections; a no-op while it runs.

        Raises:
            StaleDataFolder: the folder holds something else, or something incomplete.
            FolderInUse: another process runs a server on the folder.
            ServerDidNotStart: with the server's last words.
        """
        if self._process is not None and self._process.alive:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = self._lock or FolderLock(self.folder)
        try:
            self._process = self._launch(server_account())
        except BaseException:
            self._release()
            raise

    def stop(self) -> None:
        """Shut the server down in good order, ending its connections; repeatable."""
        if self._process is not None:
            self._process.stop()
        self._release()

    def kill(self) -> None:
        """End the server at once, as a crash would: the next start recovers from the log; repeatable."""
        if self._process is not None:
            self._process.kill(IMMEDIATE_SHUTDOWN)
        self._release()

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of the server's databases."""
        return f"postgresql+asyncpg://postgres@/{quote(database)}?host={quote(str(self._socket_folder), safe='')}"

    def create_database(self, name: str) -> None:
        """Have a database of that name, created now if there is none."""
        command = [str(program("psql")), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--set=name={name}"]
        command += [f"--host={self._socket_folder}", "--username=postgres", "--dbname=postgres"]
        outcome = subprocess.run(command, input=_CREATE_IF_MISSING, capture_output=True, text=True, check=False)  # noqa: S603
        if outcome.returncode != 0:
            message = f"PostgreSQL could not create the database {name}: {outcome.stderr.strip()}"
            raise LocalServerError(message)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _socket_folder(self) -> Path:
        """The folder itself, or a short one where a socket's address could not hold its path."""
        here = self.folder / "socket"
        if len(str(here).encode()) <= _LONGEST_SOCKET_FOLDER:
            return here
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()
        return Path("/tmp") / f"baoke-{digest[:16]}"  # noqa: S108 - _make_private sees that it is ours

    def _launch(self, account: Account) -> LeashedProcess:
        pid_file = self._data / "postmaster.pid"
        end_leftover(pid_file, self.folder, FAST_SHUTDOWN)
        prepare_data(self._data, account, durable=self._durable)
        _make_private(self._socket_folder, account)
        process = LeashedProcess(
            [str(program("postgres")), *self._arguments()],
            log=self.folder / "postgres.log",
            stop_signal=FAST_SHUTDOWN,
            grace_s=30,
            account=account.name,
        )
        _wait_until_ready(process, pid_file)
        return process

    def _arguments(self) -> list[str]:
        settings = [
            "listen_addresses=",
            f"unix_socket_directories={self._socket_folder}",
            f"max_connections={self._max_connections}",
            "timezone=UTC",
            "log_timezone=UTC",
            *(() if self._durable else _NOT_DURABLE),
        ]
        return ["-D", str(self._data), *(word for setting in settings for word in ("-c", setting))]

    def _release(self) -> None:
        if self._socket_folder.parent != self.folder:
            shutil.rmtree(self._socket_folder, ignore_errors=True)
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _make_private(folder: Path, account: Account) -> None:
    """Have a folder that only `account` can use, and refuse one that somebody else put there."""
    with suppress(FileExistsError):
        folder.mkdir()
        account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        message = f"PostgreSQL needs {folder} for its socket, and it belongs to another user: remove it."
        raise FolderInUse(message)


def _wait_until_ready(process: LeashedProcess, pid_file: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while not _says_ready(pid_file):
        if not process.alive or time.monotonic() > deadline:
            process.stop()
            message = f"PostgreSQL did not start. Its last words:\n{process.last_words()}"
            raise ServerDidNotStart(message)
        time.sleep(0.02)


def _says_ready(pid_file: Path) -> bool:
    """Read the postmaster's state from the last line of its pid file, as `pg_ctl` does."""
    try:
        return pid_file.read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False
