"""`make status SERVICE=lead_service` and its like: an operator's commands while `make run` goes on."""

import argparse
import asyncio
import importlib
from collections.abc import Sequence
from pathlib import Path

from baoke_chassis.cli import operate
from baoke_chassis.operating import add_commands
from baoke_chassis.service import Service

from baoke_local.platform import PACKAGES
from baoke_local.postgres import EmbeddedPostgres


def main(argv: Sequence[str] | None = None) -> None:
    """Run one of the operator's commands on a service of `make run`."""
    parser = argparse.ArgumentParser(prog="python -m baoke_local.operate", description=main.__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".local"))
    parser.add_argument("package", choices=PACKAGES, metavar="SERVICE", help=", ".join(PACKAGES))
    add_commands(parser.add_subparsers(dest="command", required=True))
    asked = parser.parse_args(argv)
    asyncio.run(operate(service_in(asked.folder, asked.package), asked))


def service_in(folder: Path, package: str) -> Service:
    """The service, on the database that `make run` keeps in the folder."""
    settings = importlib.import_module(f"{package}.settings").Settings(
        database_url=EmbeddedPostgres(folder / "postgres").url(package)
    )
    service: Service = importlib.import_module(f"{package}.app").service(settings)
    return service


if __name__ == "__main__":
    main()
