"""Who hears what, read from the services' source: `@subscriptions.on(LeadDefeated)` in `<service>/src/*/consumers/`.

Read and not imported, because a library knows no service; a contract test holds it to what the services really wire.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from baoke_events.contracts.drafts import published


def hearers(services: Path) -> dict[str, tuple[str, ...]]:
    """The services that subscribe to each event type, in alphabetical order; empty where nobody does."""
    heard = {service.name: set(_heard_by(service)) for service in sorted(services.glob("*/"))}
    return {
        name: tuple(service for service, classes in heard.items() if kind.__name__ in classes)
        for name, kind in published().items()
    }


def heard_by(hearing: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """The same the other way round: the event types that each service hears."""
    services = sorted({service for services in hearing.values() for service in services})
    return {service: [name for name, hearers in hearing.items() if service in hearers] for service in services}


def _heard_by(service: Path) -> Iterator[str]:
    for path in sorted(service.glob("src/*/consumers/*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "on":
                yield from (_name(argument) for argument in node.args)


def _name(argument: ast.expr) -> str:
    return argument.attr if isinstance(argument, ast.Attribute) else ast.unparse(argument)
