"""Leads that come in while market signals are matched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from baoke_events.consuming import Origin
from lead_service.commands.receive_signal import receive_signal
from lead_service.jobs import match_signals

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.apis import lead_api, manager_token
from benchmarks.leads.lost import MODELS, forget_signals, price_cut
from benchmarks.odometer.serving import Api
from benchmarks.rows.signals import MILLION, Lost, lost

CONNECTIONS = 16
MEANWHILE, BUSY, ALONE = "while signals are matched", "while another database computes", "intake alone"
UNITS = {"throughput": "leads/s", "p50": "ms", "p99": "ms", "approached": "leads/s", "seconds": "s"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Lost leads, the api over their database, whoever sends new ones, and how many a connection sends in a round.

    Where it `is_measured`, signals are matched for as long as leads are sent.
    """

    lost: Lost
    api: Api
    load: Child
    leads: int
    is_measured: bool

    async def alone(self) -> Figures:
        """New leads, and nothing else."""
        await forget_signals(self.lost.database.engine)
        return {**await self._send(), "approached": 0.0}

    async def meanwhile(self) -> Figures:
        """New leads while a worker matches price cuts of all models.

        Raises:
            AssertionError: the worker had nothing left to do before the last lead was in.
        """
        await forget_signals(self.lost.database.engine)
        async with self.lost.database.begin() as session:
            for model in MODELS:
                await receive_signal(session, price_cut(model), origin=Origin.now(), now=datetime.now(UTC))
        sent, approached = asyncio.create_task(self._send()), 0
        while not sent.done():
            handled = await match_signals.job.run(self.lost.database, now=datetime.now(UTC))
            if self.is_measured and not handled and not sent.done():
                raise AssertionError("the signals were matched before the last lead was in: send fewer")
            approached += handled
        figures = await sent
        return {**figures, "approached": approached / figures["seconds"]}

    async def beside_computing(self) -> Figures:
        """New leads while another database of the server adds up numbers: a core is taken, and nothing else."""
        await forget_signals(self.lost.database.engine)
        other = await asyncpg.connect(self.lost.servers.database("bench_computing").replace("+asyncpg", ""))
        sent = asyncio.create_task(self._send())
        while not sent.done():
            await other.fetchval("SELECT sum(n) FROM generate_series(1, 500000) AS n")
        await other.close()
        return {**await sent, "approached": 0.0}

    async def _send(self) -> dict[str, float]:
        busy = await self.load.ask(f"send {self.api.port} {CONNECTIONS} {self.leads}")
        each_s = busy["each_s"]
        return {
            "seconds": busy["seconds"],
            "throughput": len(each_s) / busy["seconds"],
            "p50": each_s[len(each_s) // 2] * 1e3,
            "p99": each_s[int(len(each_s) * 0.99)] * 1e3,
        }


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """A million lost leads of the dealer that the sender's token is of, and lead-service's api as deployed."""
    count = MILLION // size.of(full=1, quick=10, smoke=100)
    async with (
        lost(servers, count) as leads,
        lead_api(servers, servers.database(f"bench_signals_{count}_mixed")) as api,
        child("benchmarks.leads.load", token=manager_token(servers)) as load,
    ):
        in_a_round = size.of(full=60, quick=20, smoke=2)
        yield Stage(leads, api, load, leads=in_a_round, is_measured=size is not Size.SMOKE)


ROWS = (
    Row(
        name="signal_intake",
        title="New leads while market signals are matched",
        measures=(
            f"{CONNECTIONS} connections post leads of new people to one api process, each the next when the last is "
            "answered; beside it a worker in another process matches price cuts of five models against a million lost "
            "leads, batch after batch. Both want two cores, so "
            "the yardstick is an intake beside which somebody computes who has nothing to do with its tables."
        ),
        units=UNITS,
        stage=stage,
        contenders=[
            Contender(MEANWHILE, Stage.meanwhile),
            Contender(BUSY, Stage.beside_computing),
            Contender(ALONE, Stage.alone),
        ],
        targets=[Target("throughput", at_least=0.8, of=BUSY), Target("throughput", at_least=0.8, of=ALONE)],
        rounds=3,
        needs_kafka=False,
    ),
)
