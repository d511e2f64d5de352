"""The servers of a run, started when first asked for, and what work on them costs."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic, process_time
from typing import Self

import psutil
from baoke_local.kafka import LocalKafka
from baoke_local.postgres import EmbeddedPostgres
from baoke_local.topics import Topic, ensure_topics


@dataclass(slots=True)
class Took:
    """What happened inside a `stopwatch` block: seconds on the wall, and of processor time by whom."""

    wall_s: float = 0.0
    python_s: float = 0.0
    postgres_s: float = 0.0
    kafka_s: float = 0.0

    def each_of(self, count: int) -> dict[str, float]:
        """The figures `throughput` (per second) and processor time per piece (`python`, `postgres`, `kafka`, in µs)."""
        return {
            "throughput": count / self.wall_s,
            "python": self.python_s / count * 1e6,
            "postgres": self.postgres_s / count * 1e6,
            "kafka": self.kafka_s / count * 1e6,
        }


EACH_OF = {"throughput": "events/s", "python": "µs", "postgres": "µs", "kafka": "µs"}
"""Units of `Took.each_of` where the pieces are events."""


class Servers:
    """A PostgreSQL that syncs to disk and an Apache Kafka, of this run's own; a context manager."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._topics = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def folder(self) -> Path:
        """A folder that is deleted with the servers."""
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="baoke-bench-")))

    @cached_property
    def postgres(self) -> EmbeddedPostgres:
        """The database server, with `fsync=on`."""
        return self._stack.enter_context(EmbeddedPostgres(self.folder / "postgres"))

    @cached_property
    def kafka(self) -> LocalKafka:
        """The broker."""
        return self._stack.enter_context(LocalKafka(self.folder / "kafka"))

    def database(self, name: str) -> str:
        """The SQLAlchemy URL of a database of that name, made now if there is none."""
        self.postgres.create_database(name)
        return self.postgres.url(name)

    async def topic(self, *, partitions: int = 12) -> str:
        """The name of a topic that nobody has used."""
        self._topics += 1
        topic = Topic(f"bench-{self._topics}", partitions, {"max.message.bytes": "2000000"})
        await ensure_topics(self.kafka.bootstrap, [topic])
        return topic.name

    @contextmanager
    def stopwatch(self, workers: Sequence[int] = ()) -> Iterator[Took]:
        """Measure the block; `workers` are processes whose time counts as Python's beside this one's."""
        took = Took()
        before, started = self._cpu(workers), monotonic()
        yield took
        took.wall_s = monotonic() - started
        after = self._cpu(workers)
        took.python_s, took.postgres_s, took.kafka_s = (b - a for a, b in zip(before, after, strict=True))

    def _cpu(self, workers: Sequence[int]) -> tuple[float, float, float]:
        python = process_time() + sum(_cpu_s(pid) for pid in workers)
        return python, self._server_cpu_s("postgres"), self._server_cpu_s("kafka")

    def _server_cpu_s(self, name: str) -> float:
        pid_file = {"postgres": "postgres/data/postmaster.pid", "kafka": "kafka/kafka.pid"}[name]
        if name not in vars(self):
            return 0.0
        return _cpu_s(int((self.folder / pid_file).read_text().split()[0]))


def _cpu_s(pid: int) -> float:
    """Processor seconds of a process and of all its children, those that have ended included."""
    process = psutil.Process(pid)
    times = process.cpu_times()
    living = 0.0
    for child in process.children():
        try:
            of_child = child.cpu_times()
        except psutil.NoSuchProcess:  # counted by its parent from now on
            continue
        living += of_child.user + of_child.system
    return float(times.user + times.system + times.children_user + times.children_system + living)
