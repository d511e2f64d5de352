"""How many database connections a process has, and how many of them are at work."""

from collections.abc import Callable, Iterable
from weakref import WeakKeyDictionary

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncEngine

_engines: WeakKeyDictionary[AsyncEngine, str] = WeakKeyDictionary()
_meter = metrics.get_meter("baoke_chassis")


def watch_pool(service: str, engine: AsyncEngine) -> None:
    """Show the engine's connections from now on, for as long as it lives."""
    _engines[engine] = service


def _observed(values: Callable[[QueuePool], dict[str, int]]) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observe(_: CallbackOptions) -> Iterable[Observation]:
        for engine, service in list(_engines.items()):
            if isinstance(engine.pool, QueuePool):
                for state, count in values(engine.pool).items():
                    yield Observation(count, {"service": service, "state": state})

    return observe


def _counts(pool: QueuePool) -> dict[str, int]:
    return {"used": pool.checkedout(), "idle": pool.checkedin()}


_meter.create_observable_up_down_counter(
    "db.client.connection.count", [_observed(_counts)], "{connection}", "Connections of the pool, by state"
)
