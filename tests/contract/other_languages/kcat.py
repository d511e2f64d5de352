"""kcat, from the PATH or from Debian's packages, unpacked into the user's cache without root."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NEVER = ("--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances")


class KcatUnavailable(Exception):
    """kcat is not installed, and cannot be fetched."""


@dataclass(frozen=True)
class Kcat:
    """A command, and where its libraries are."""

    command: Path
    libraries: Path | None = None

    def run(self, *arguments: str) -> str:
        """What it prints."""
        env = {**os.environ, **({"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {})}
        return _run([str(self.command), *arguments], env=env)


def find_kcat() -> Kcat:
    """kcat, fetched where it has to be.

    Raises:
        KcatUnavailable: there is no kcat, and no apt to fetch it with.
    """
    if installed := shutil.which("kcat"):
        return Kcat(Path(installed))
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "baoke" / "kcat"
    command = folder / "usr" / "bin" / "kcat"
    if not command.exists():
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise KcatUnavailable("kcat is not installed, and this is no Debian to fetch it from")
        _unpack(folder)
    return Kcat(command, next((folder / "usr" / "lib").glob("*-linux-gnu*")))


def _unpack(folder: Path) -> None:
    """The packages of kcat and of all it needs but the C library, unpacked; nothing is installed."""
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    for name in ("lists/partial", "archives/partial"):
        (new / name).mkdir(parents=True)
    apt = ["-o", f"Dir::State::lists={new}/lists", "-o", f"Dir::Cache={new}", "-o", "APT::Sandbox::User="]
    _run(["apt-get", *apt, "update", "-qq"])
    named = _run(["apt-cache", *apt, "depends", "--recurse", *NEVER, "kcat"]).splitlines()
    needed = {line for line in named if line[:1].isalnum() and not line.startswith(("libc6", "libgcc", "gcc-"))}
    _run(["apt-get", *apt, "download", "-qq", *sorted(needed)], cwd=new)
    for package in new.glob("*.deb"):
        _run(["dpkg", "-x", str(package), str(new)])
        package.unlink()
    shutil.rmtree(new / "lists")
    new.rename(folder)


def _run(command: Sequence[str], *, env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if done.returncode:
        raise KcatUnavailable(f"{' '.join(command[:3])} … failed: {done.stderr[-500:]}")
    return done.stdout
