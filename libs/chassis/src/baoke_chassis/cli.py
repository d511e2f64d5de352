"""`python -m <service> api | worker | migrate | revision`, and what an operator does (`operating`)."""

import argparse
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pydantic import SecretStr, ValidationError

from baoke_chassis import operating, process
from baoke_chassis.database import Database
from baoke_chassis.launch import open_database, run_api, run_worker
from baoke_chassis.logs import install_logs
from baoke_chassis.service import Service
from baoke_chassis.settings import ServiceSettings
from baoke_chassis.telemetry import install_telemetry

S = TypeVar("S", bound=ServiceSettings)


def main(settings: type[S], compose: Callable[[S], Service]) -> None:
    """Read the environment once and run one of the service's processes until it is told to stop."""
    try:
        read = settings()
    except ValidationError as error:
        wrong = "; ".join(f"BAOKE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors())
        raise SystemExit(f"The settings do not suffice. {wrong}") from None
    service = compose(read)
    parser = argparse.ArgumentParser(prog=f"python -m {service.package}", description=service.title)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("api", help="serve HTTP")
    commands.add_parser("worker", help="carry events out and in, and do what the clock starts")
    commands.add_parser("migrate", help="bring the database to the newest version")
    commands.add_parser("revision", help="write a migration from the tables").add_argument("message")
    operating.add_commands(commands)
    asked = parser.parse_args()
    install_logs(service.name, service.settings.log_level)
    if asked.command not in ("migrate", "revision", "status"):
        install_telemetry(service.name, service.settings.otel_endpoint)
    run: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
        "api": lambda: run_api(service),
        "worker": lambda: run_worker(service),
        "migrate": lambda: _migrate(service),
        "revision": lambda: _migrate(service, asked.message),
    }
    if asked.command in ("api", "worker"):
        require_secrets(read)
    process.run(run[asked.command]() if asked.command in run else operate(service, asked))


def require_secrets(settings: ServiceSettings) -> None:
    """Go on only if every secret that has a default for development was given another value.

    Raises:
        SystemExit: naming the variables that must be set.
    """
    missing = [
        f"BAOKE_{name.upper()}"
        for name, field in type(settings).model_fields.items()
        if isinstance(field.default, SecretStr) and field.default.get_secret_value()
        if getattr(settings, name) == field.default
    ]
    if missing:
        raise SystemExit(f"Set {', '.join(missing)}: the default is for development only.")


async def _migrate(service: Service, message: str | None = None) -> None:
    """Bring the database to the newest version; with a message, write the next one."""
    from baoke_chassis import migrations  # noqa: PLC0415 (Alembic is nothing to an api and a worker)

    if message is None:
        await _with_database(service, lambda db: migrations.upgrade(service, db.engine))
    else:
        await _with_database(service, lambda db: migrations.revise(service, db.engine, message))


async def _with_database(service: Service, action: Callable[[Database], Coroutine[Any, Any, None]]) -> None:
    database = open_database(service)
    try:
        await action(database)
    finally:
        await database.close()


async def operate(service: Service, asked: argparse.Namespace) -> None:
    """Do what the operator asks for, and print what came of it."""

    async def act(database: Database) -> None:
        print(await asked.act(service, database, asked))  # noqa: T201 (the command's answer)

    await _with_database(service, act)
