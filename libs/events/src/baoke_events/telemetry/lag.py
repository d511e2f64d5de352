"""How far consumers are behind, from what they know anyhow: no request to the broker."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation

_meter = metrics.get_meter("baoke_events")


@dataclass(slots=True, eq=False)
class Reading:
    """One partition at work: `done` is the offset up to which everything has had its effect."""

    service: str
    topic: str
    end: Callable[[], int | None]
    done: int | None = None

    @property
    def lag(self) -> int:
        """Records that wait, as far as the last fetch knows."""
        end = self.end()
        return 0 if end is None or self.done is None else max(0, end - self.done)


_readings: set[Reading] = set()


@contextmanager
def reading(service: str, topic: str, end: Callable[[], int | None]) -> Iterator[Reading]:
    """A partition is ours while inside; `end` tells its end offset as last heard of."""
    mine = Reading(service, topic, end)
    _readings.add(mine)
    try:
        yield mine
    finally:
        _readings.discard(mine)


def _by_topic(value: Callable[[Reading], int]) -> Iterable[Observation]:
    sums: dict[tuple[str, str], int] = {}
    for each in list(_readings):
        sums[each.service, each.topic] = sums.get((each.service, each.topic), 0) + value(each)
    return [Observation(total, {"service": service, "topic": topic}) for (service, topic), total in sums.items()]


def _lag(_: CallbackOptions) -> Iterable[Observation]:
    return _by_topic(lambda each: each.lag)


def _partitions(_: CallbackOptions) -> Iterable[Observation]:
    return _by_topic(lambda _: 1)


_meter.create_observable_gauge("baoke.consumer.lag", [_lag], "{event}", "Events that wait in the partitions held here")
_meter.create_observable_gauge("baoke.consumer.partitions", [_partitions], "{partition}", "Partitions held here")
