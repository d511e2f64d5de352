"""`make replay SERVICE=lead_service`: apply a service's parked events again, while `make run` goes on."""

import argparse
import asyncio
import importlib
from collections.abc import Sequence
from pathlib import Path

from baoke_chassis.launch import open_database
from baoke_chassis.worker import consumer_of

from baoke_local.postgres import EmbeddedPostgres


async def replay(folder: Path, package: str, *, topic: str | None, key: str | None) -> tuple[int, int]:
    """Apply what is parked, key by key in order. Returns (healed, still parked) events."""
    settings = importlib.import_module(f"{package}.settings").Settings(
        database_url=EmbeddedPostgres(folder / "postgres").url(package)
    )
    service = importlib.import_module(f"{package}.app").service(settings)
    database = open_database(service)
    try:
        return await consumer_of(service, database).replay(topic=topic, key=key)
    finally:
        await database.close()


def main(argv: Sequence[str] | None = None) -> None:
    """Say how many events were healed, and how many are still parked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", help="such as lead_service")
    parser.add_argument("--folder", type=Path, default=Path(".local"))
    parser.add_argument("--topic")
    parser.add_argument("--key")
    asked = parser.parse_args(argv)
    healed, left = asyncio.run(replay(asked.folder, asked.package, topic=asked.topic, key=asked.key))
    print(f"{healed} healed, {left} still parked")  # noqa: T201 (the command's answer)


if __name__ == "__main__":
    main()
