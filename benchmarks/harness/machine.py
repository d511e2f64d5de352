"""Which machine, which versions, which commit."""

import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil
from baoke_local.kafka_jars import kafka_jars
from baoke_local.postgres_data import program

from benchmarks.harness.results import Machine

ROOT = Path(__file__).parents[2]
_LIBRARIES = ("aiokafka", "asyncpg", "sqlalchemy", "pydantic", "fastapi", "uvicorn", "uvloop", "faststream")


def this_machine() -> Machine:
    """The machine at hand, with the versions of what is measured."""
    return Machine(
        cpu=_cpu(),
        cores=psutil.cpu_count() or 0,
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.release().split('-')[0]}",
        versions={"python": platform.python_version(), "postgresql": _postgres(), "kafka": _kafka(), **_libraries()},
    )


def this_commit() -> str:
    """The commit at hand, marked where the platform's sources differ from it."""
    if not (ROOT / ".git").exists():
        return "unknown"
    commit = _said("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    changed = _said("git", "-C", str(ROOT), "status", "--porcelain", "--", "libs", "services", "deploy")
    return f"{commit} with changes" if changed else commit


def _cpu() -> str:
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.processor()


def _postgres() -> str:
    return _said(str(program("postgres")), "--version").split()[2]


def _kafka() -> str:
    found = re.search(r"kafka-(\d+\.\d+\.\d+)", kafka_jars().name)
    return found[1] if found else "unknown"


def _libraries() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
