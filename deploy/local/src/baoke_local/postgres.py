"""A real PostgreSQL 18 from a Python wheel, run as a child of this process."""

import hashlib
import shutil
import stat
import subprocess
from contextlib import suppress
from pathlib import Path
from signal import Signals
from typing import Self
from urllib.parse import quote

from baoke_local.account import Account, server_account
from baoke_local.errors import FolderInUse, LocalServerError
from baoke_local.folders import end_leftover
from baoke_local.postgres_data import prepare_data, program
from baoke_local.process import LeashedProcess
from baoke_local.server import LocalServer, wait_until

FAST_SHUTDOWN = Signals.SIGINT
IMMEDIATE_SHUTDOWN = Signals.SIGQUIT
START_LIMIT_S = 120
_LONGEST_SOCKET_FOLDER = 103 - len("/.s.PGSQL.5432")
_NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_CREATE_IF_MISSING = """
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""


class EmbeddedPostgres(LocalServer):
    """PostgreSQL 18 on a Unix socket.

    A new folder takes about a second to start, an existing one a tenth. `stop` and `kill` end the
    server's connections. As root the server runs as the user `pgserver`.
    """

    kill_signal = IMMEDIATE_SHUTDOWN

    def __init__(self, folder: Path, *, durable: bool = True, max_connections: int = 300) -> None:
        """Describe the server; `durable=False` trades safety against a crash of the machine for speed (tests)."""
        super().__init__(folder)
        self._durable = durable
        self._max_connections = max_connections

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of one of the server's databases."""
        return f"postgresql+asyncpg://postgres@/{quote(database)}?host={quote(str(self._socket_folder), safe='')}"

    def create_database(self, name: str) -> None:
        """Have a database of that name, created now if there is none."""
        command = [str(program("psql")), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--set=name={name}"]
        command += [f"--host={self._socket_folder}", "--username=postgres", "--dbname=postgres"]
        outcome = subprocess.run(command, input=_CREATE_IF_MISSING, capture_output=True, text=True, check=False)  # noqa: S603
        if outcome.returncode != 0:
            raise LocalServerError(f"PostgreSQL could not create the database {name}: {outcome.stderr.strip()}")

    @classmethod
    def _on_borrowed(cls, folder: Path) -> Self:
        return cls(folder, durable=False)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _socket_folder(self) -> Path:
        """The folder's own, or a short one where a socket's address could not hold its path."""
        here = self.folder / "socket"
        if len(str(here).encode()) <= _LONGEST_SOCKET_FOLDER:
            return here
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()
        return Path("/tmp") / f"baoke-{digest[:16]}"  # noqa: S108 - _make_private sees that it is ours

    def _launch(self) -> LeashedProcess:
        account = server_account()
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
        wait_until(lambda: _says_ready(pid_file), process, name="PostgreSQL", limit_s=START_LIMIT_S)
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
        super()._release()


def _make_private(folder: Path, account: Account) -> None:
    """Have a folder that only `account` can use, and refuse one that somebody else put there."""
    with suppress(FileExistsError):
        folder.mkdir()
        account.own(folder)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise FolderInUse(f"PostgreSQL needs {folder} for its socket, and it belongs to another user: remove it.")


def _says_ready(pid_file: Path) -> bool:
    """Read the server's state from the last line of its pid file, as `pg_ctl` does."""
    try:
        return pid_file.read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False
