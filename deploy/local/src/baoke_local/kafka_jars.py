"""Apache Kafka's jars, fetched once by Maven and kept in a cache that several processes can use at a time."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baoke_local.errors import ServerUnavailable

OLDEST_JAVA = 17
_POM = Path(__file__).parents[2] / "kafka" / "pom.xml"


def kafka_available() -> str | None:
    """Return None if Kafka can run here, or a sentence that says what is missing."""
    java = _java_version()
    if java is None:
        return f"Kafka needs Java {OLDEST_JAVA} or newer, and there is no `java` on the PATH."
    if java < OLDEST_JAVA:
        return f"Kafka needs Java {OLDEST_JAVA} or newer, and `java` on the PATH is version {java}."
    if not _cached().is_dir() and shutil.which("mvn") is None:
        return "Kafka's jars have not been fetched yet, and there is no `mvn` (Maven) on the PATH to fetch them."
    return None


def kafka_jars() -> Path:
    """Return the folder of Kafka's jars, fetched now (about 50 MB, once) if they are not there.

    Raises:
        ServerUnavailable: Java or Maven is missing, or Maven could not fetch the jars.
    """
    if (reason := kafka_available()) is not None:
        raise ServerUnavailable(reason)
    jars = _cached()
    if not jars.is_dir():
        jars.parent.mkdir(parents=True, exist_ok=True)
        with _only_one(jars.with_suffix(".lock")):
            if not jars.is_dir():
                _fetch(jars)
    return jars


def _cached() -> Path:
    """Name the cache folder after the version, and after the pom, so that a changed pom gets its own."""
    pom = _POM.read_bytes()
    version = re.findall(rb"<kafka\.version>(.+)</kafka\.version>", pom)[0].decode()
    usual = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "baoke"
    cache = Path(os.environ.get("BAOKE_CACHE") or usual)
    return cache / f"kafka-{version}-{hashlib.sha256(pom).hexdigest()[:8]}"


def _fetch(jars: Path) -> None:
    """Fetch beside the cache folder and rename, so that the folder is never seen half full."""
    with tempfile.TemporaryDirectory(prefix=f"{jars.name}.", dir=jars.parent) as place:
        complete = Path(place) / "jars"
        command = ["mvn", "-q", "-B", "-f", str(_POM), "dependency:copy-dependencies", f"-DoutputDirectory={complete}"]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if outcome.returncode != 0:
            said = (outcome.stdout + outcome.stderr).strip()[:1000]
            raise ServerUnavailable(f"Maven could not fetch Kafka's jars: {said}")
        complete.rename(jars)


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _java_version() -> int | None:
    try:
        outcome = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', outcome.stderr)
    return int(found[1]) if found else None
