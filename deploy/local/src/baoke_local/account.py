"""The account that PostgreSQL runs as: the present user, or another one for root, whom it refuses."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from baoke_local.errors import LocalServerError

NAME = "pgserver"
"""The wheel's own name for the user, so that one machine gets one of them."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the server runs as. `name` is None for the present user."""

    name: str | None
    uid: int

    def own(self, folder: Path) -> None:
        """Make `folder` private to this account and reachable for it."""
        if self.name is not None:
            _open_the_way_to(folder)
            shutil.chown(folder, self.name, self.name)
        folder.chmod(stat.S_IRWXU)

    def reach(self, folder: Path) -> None:
        """Let this account pass through the folders above `folder`."""
        if self.name is not None:
            _open_the_way_to(folder)


def server_account() -> Account:
    """Return the account for PostgreSQL; as root its user is created if it is missing.

    Raises:
        LocalServerError: we are root and cannot create the user.
    """
    if os.geteuid() != 0:
        return Account(name=None, uid=os.geteuid())
    try:
        return Account(name=NAME, uid=pwd.getpwnam(NAME).pw_uid)
    except KeyError:
        _create_user()
    return Account(name=NAME, uid=pwd.getpwnam(NAME).pw_uid)


def _create_user() -> None:
    try:
        subprocess.run(["useradd", "--system", NAME], check=True, capture_output=True, text=True)  # noqa: S603, S607
    except (OSError, subprocess.CalledProcessError) as error:
        message = f"PostgreSQL does not run as root, and the user {NAME} could not be created: {error}"
        raise LocalServerError(message) from error


def _open_the_way_to(path: Path) -> None:
    """Let others pass through the folders above `path` (not list them), where they cannot yet."""
    for folder in path.absolute().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
