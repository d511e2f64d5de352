"""`make migration SERVICE=… MESSAGE=…`: write a service's next migration against an empty PostgreSQL."""

import argparse
import asyncio
import importlib

from baoke_chassis import migrations
from baoke_chassis.database import Database

from baoke_local.postgres import EmbeddedPostgres


async def write(package: str, message: str) -> None:
    """Migrate an empty database as far as the history goes, and write the difference to the tables."""
    app = importlib.import_module(f"{package}.app")
    settings = importlib.import_module(f"{package}.settings")
    with EmbeddedPostgres.temporary() as server:
        server.create_database(package)
        service = app.service(settings.Settings(database_url="unused"))
        database = Database(server.url(package), service=service.name)
        await migrations.revise(service, database.engine, message)
        await database.close()


def main() -> None:
    """Read the service's package and what changes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", help="such as lead_service")
    parser.add_argument("message", help="what changes, in a few words")
    asked = parser.parse_args()
    asyncio.run(write(asked.package, asked.message))


if __name__ == "__main__":
    main()
