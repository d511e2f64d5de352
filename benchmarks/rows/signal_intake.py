"""Leads that come in while market signals are matched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from baoke_chassis.access import Role
from baoke_chassis.local_issuer import LocalIssuer
from baoke_events.consuming import Origin
from lead_service.commands.receive_signal import receive_signal
from lead_service.jobs import match_signals

from benchmarks.backbone.child import Child, child
from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.lost import DEALER, MODELS, forget_signals, price_cut
from benchmarks.odometer.serving import Api, free_port, serving
from benchmarks.rows.signals import MILLION, Lost, lost

CONNECTIONS = 16
MEANWHILE, ALONE = "while signals are matched", "intake alone"
UNITS = {"throughput": "leads/s", "p50": "ms", "p99": "ms", "approached": "leads/s", "seconds": "s"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Lost leads, the api over their database, whoever sends new ones, and how many a connection sends in a round."""

    lost: Lost
    api: Api
    load: Child
    leads: int

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
            if not handled and not sent.done():
                raise AssertionError("the signals were matched before the last lead was in: send fewer")
            approached += handled
        figures = await sent
        return {**figures, "approached": approached / figures["seconds"]}

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
    issuer = LocalIssuer(servers.folder / "issuer")
    count = MILLION // size.of(full=1, quick=10, smoke=100)
    port = free_port()
    settings = {
        "BAOKE_DATABASE_URL": servers.database(f"bench_signals_{count}_mixed"),
        "BAOKE_PORT": str(port),
        "BAOKE_JWKS_FILE": str(issuer.jwks_file),
        "BAOKE_LOG_LEVEL": "WARNING",
        "BAOKE_INTAKE_SECRET_KEY": "benchmarks on this machine",
    }
    async with (
        lost(servers, count) as leads,
        serving("-m", "lead_service", "api", port=port, settings=settings) as api,
        child("benchmarks.leads.load", token=issuer.token(Role.MANAGER, dealer_id=DEALER)) as load,
    ):
        yield Stage(leads, api, load, leads=size.of(full=60, quick=20, smoke=2))


ROWS = (
    Row(
        name="signal_intake",
        title="New leads while market signals are matched",
        measures=(
            f"{CONNECTIONS} connections post leads of new people to one api process, each the next when the last is "
            "answered; beside it a worker in another process matches price cuts of five models against a million lost "
            "leads, batch after batch."
        ),
        units=UNITS,
        stage=stage,
        contenders=[Contender(MEANWHILE, Stage.meanwhile), Contender(ALONE, Stage.alone)],
        targets=[Target("throughput", at_least=0.8, of=ALONE)],
        rounds=3,
        needs_kafka=False,
    ),
)
