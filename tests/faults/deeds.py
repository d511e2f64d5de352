"""How each kind of fault is done to a cluster. A deed returns when the fault has ended."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from signal import SIGCONT, SIGSTOP
from typing import TypeVar

from faults.cluster import Cluster
from faults.proxy import Proxy
from faults.schedule import Fault, Kind

SLOW_S = 0.15
"""What each chunk of bytes waits in a slow network."""

Deed = Callable[[Cluster, Fault], Awaitable[None]]
D = TypeVar("D", bound=Deed)
DEEDS: dict[Kind, Deed] = {}


def does(*kinds: Kind) -> Callable[[D], D]:
    """Register a deed for its kinds of fault."""

    def register(deed: D) -> D:
        DEEDS.update(dict.fromkeys(kinds, deed))
        return deed

    return register


@does(Kind.WORKER_KILLED, Kind.API_KILLED, Kind.WRITER_KILLED)
async def kill(cluster: Cluster, fault: Fault) -> None:
    """SIGKILL; its supervisor starts it again."""
    _victim(cluster, fault).kill()


@does(Kind.WORKER_FROZEN, Kind.API_FROZEN, Kind.WORKER_SLEPT_THROUGH)
async def freeze(cluster: Cluster, fault: Fault) -> None:
    """SIGSTOP and, after a while, SIGCONT: it goes on in the middle of a sentence."""
    victim = _victim(cluster, fault)
    victim.signal(SIGSTOP)
    await asyncio.sleep(fault.lasts_s)
    victim.signal(SIGCONT)


@does(Kind.SECOND_OWNER)
async def own_twice(cluster: Cluster, fault: Fault) -> None:
    """Somebody outside the group hands the same partitions' records to the same consumer."""
    command = ["-m", "faults.second_owner", fault.target]
    second = await cluster.add(f"{fault.target}.owner-{fault.at_s:.0f}", fault.target, command)
    await asyncio.sleep(fault.lasts_s)
    await cluster.remove(second)


@does(Kind.BROKER_KILLED, Kind.BROKER_AWAY)
async def kill_broker(cluster: Cluster, fault: Fault) -> None:
    """`kill -9`, and a start later."""
    async with cluster.broker_turn:
        await asyncio.to_thread(cluster.kafka.kill)
        await asyncio.sleep(fault.lasts_s)
        await asyncio.to_thread(cluster.kafka.start)


@does(Kind.DATABASE_CRASHED)
async def crash_database(cluster: Cluster, fault: Fault) -> None:
    """An immediate shutdown, which is a crash, and a start that recovers."""
    async with cluster.database_turn:
        await asyncio.to_thread(cluster.postgres.kill)
        await asyncio.sleep(fault.lasts_s)
        await asyncio.to_thread(cluster.postgres.start)


@does(Kind.BACKENDS_TERMINATED)
async def terminate_backends(cluster: Cluster, fault: Fault) -> None:
    """Every session of one database ends, whatever it was doing."""
    async with cluster.database_turn:
        administrator = await cluster.connect("postgres")
        await administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", fault.target
        )
        await administrator.close()


@does(Kind.KAFKA_SLOW, Kind.POSTGRES_SLOW)
async def slow_down(cluster: Cluster, fault: Fault) -> None:
    """Every chunk of bytes waits."""
    proxy = _proxy(cluster, fault)
    proxy.latency_s = SLOW_S
    await asyncio.sleep(fault.lasts_s)
    proxy.latency_s = 0


@does(Kind.KAFKA_CUT, Kind.POSTGRES_CUT)
async def cut(cluster: Cluster, fault: Fault) -> None:
    """Every connection is reset."""
    _proxy(cluster, fault).cut()


@does(Kind.KAFKA_SILENT, Kind.POSTGRES_SILENT)
async def silence(cluster: Cluster, fault: Fault) -> None:
    """Nothing arrives any more, and nobody is told."""
    proxy = _proxy(cluster, fault)
    proxy.silence()
    await asyncio.sleep(fault.lasts_s)
    proxy.speak()


def _victim(cluster: Cluster, fault: Fault):
    """One of the target's processes of the kind that the fault names first."""
    role = fault.kind.split()[0]
    return random.Random(fault.at_s).choice(cluster.of(fault.target, role))


def _proxy(cluster: Cluster, fault: Fault) -> Proxy:
    return cluster.to_kafka if "Kafka" in fault.kind else cluster.to_postgres
