"""What is done to the platform, and when: drawn from a seed, so that a run can be had again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of fault. Each is undone after a while, or heals by a restart."""

    WORKER_KILLED = "worker killed"
    API_KILLED = "api killed"
    WRITER_KILLED = "writer killed"
    WORKER_FROZEN = "worker frozen for seconds"
    API_FROZEN = "api frozen for seconds"
    WORKER_SLEPT_THROUGH = "worker frozen past its session"
    SECOND_OWNER = "two owners of all partitions"
    BROKER_KILLED = "broker killed"
    BROKER_AWAY = "broker away under load"
    DATABASE_CRASHED = "database crashed"
    BACKENDS_TERMINATED = "backends terminated"
    KAFKA_SLOW = "network to Kafka slow"
    KAFKA_CUT = "connections to Kafka reset"
    KAFKA_SILENT = "connections to Kafka half-open"
    POSTGRES_SLOW = "network to PostgreSQL slow"
    POSTGRES_CUT = "connections to PostgreSQL reset"
    POSTGRES_SILENT = "connections to PostgreSQL half-open"


LASTS_S: dict[Kind, tuple[float, float]] = {
    Kind.WORKER_FROZEN: (1, 5),
    Kind.API_FROZEN: (1, 5),
    Kind.WORKER_SLEPT_THROUGH: (16, 20),
    Kind.SECOND_OWNER: (6, 10),
    Kind.BROKER_KILLED: (0.5, 3),
    Kind.BROKER_AWAY: (10, 14),
    Kind.DATABASE_CRASHED: (0.5, 4),
    Kind.KAFKA_SLOW: (3, 6),
    Kind.KAFKA_SILENT: (3, 8),
    Kind.POSTGRES_SLOW: (3, 6),
    Kind.POSTGRES_SILENT: (2, 6),
}
"""How long a fault stays, at least and at most. What is not named here happens in an instant."""

WITH_PATIENCE_S: dict[Kind, tuple[float, float]] = {
    Kind.WORKER_SLEPT_THROUGH: (35, 60),
    Kind.BROKER_AWAY: (60, 60),
    Kind.KAFKA_SILENT: (5, 20),
    Kind.POSTGRES_SILENT: (5, 20),
}
"""The same for runs that have minutes."""

PACKAGES = ("lead_service", "customer_service", "service_reminder", "loyalty_service", "notification_service")
CONSUMING = ("customer_service", "loyalty_service", "notification_service")
WRITING = ("customer_service", "loyalty_service")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a run. `target` is a package where the kind needs one."""

    at_s: float
    kind: Kind
    lasts_s: float
    target: str

    def __str__(self) -> str:
        whom = f" ({self.target})" if self.target else ""
        lasting = f" for {self.lasts_s:.1f} s" if self.lasts_s else ""
        return f"{self.kind}{whom}{lasting}"


TARGETS: dict[Kind, Sequence[str]] = {
    Kind.WORKER_KILLED: PACKAGES,
    Kind.API_KILLED: PACKAGES,
    Kind.WRITER_KILLED: WRITING,
    Kind.WORKER_FROZEN: PACKAGES,
    Kind.API_FROZEN: PACKAGES,
    Kind.WORKER_SLEPT_THROUGH: CONSUMING,
    Kind.SECOND_OWNER: CONSUMING,
    Kind.BACKENDS_TERMINATED: PACKAGES,
}


def schedule(seed: int, *, every_s: float, patient: bool = False) -> list[Fault]:
    """Every kind of fault once, one every `every_s` on average.

    The long sleep comes first, so that much happens while it lasts.
    """
    chance = random.Random(seed)
    spans = LASTS_S | WITH_PATIENCE_S if patient else LASTS_S
    kinds = [kind for kind in Kind if kind is not Kind.WORKER_SLEPT_THROUGH]
    chance.shuffle(kinds)
    faults = []
    at_s = 0.0
    for kind in (Kind.WORKER_SLEPT_THROUGH, *kinds):
        target = chance.choice(TARGETS[kind]) if kind in TARGETS else ""
        faults.append(Fault(at_s, kind, chance.uniform(*spans.get(kind, (0, 0))), target))
        at_s += every_s * chance.uniform(0.5, 1.5)
    return faults


KILLS = {
    Kind.WORKER_KILLED: 12,
    Kind.API_KILLED: 4,
    Kind.WRITER_KILLED: 4,
    Kind.BACKENDS_TERMINATED: 4,
    Kind.BROKER_KILLED: 1,
    Kind.DATABASE_CRASHED: 1,
}
"""How often each kind comes where everything is killed again and again."""


def kills(seed: int, number: int, *, every_s: float) -> list[Fault]:
    """So many deaths, one every `every_s` on average: most find a process that has hardly come back from the last."""
    chance = random.Random(seed)
    faults = []
    at_s = 0.0
    for kind in chance.choices(list(KILLS), list(KILLS.values()), k=number):
        target = chance.choice(TARGETS[kind]) if kind in TARGETS else ""
        faults.append(Fault(at_s, kind, chance.uniform(*LASTS_S.get(kind, (0, 0))), target))
        at_s += every_s * chance.uniform(0.5, 1.5)
    return faults
