"""A run: load and faults together, then rest, then the check."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

from faults.checker import check
from faults.cluster import Cluster
from faults.deeds import DEEDS
from faults.evidence import Books, Tape
from faults.invariants.findings import Finding
from faults.invariants.order import repeats
from faults.invariants.quiet import stuck, until_quiet
from faults.probe import Prober
from faults.report import Recoveries, Report
from faults.schedule import PACKAGES, Fault
from faults.snapshots import hold_snapshot
from faults.tasks import Tasks
from faults.workload import Workload

READY_WITHIN_S = 120
REST_WITHIN_S = 180


class Run:
    """A cluster with a workload, to which any number of rounds of faults are done."""

    def __init__(self, folder: Path, seed: int, *, say: Callable[[str], None]) -> None:
        self.report = Report(seed)
        self._say = say
        self.cluster = Cluster(folder)
        self.workload = Workload(self.cluster, seed)
        self._prober = Prober(self.cluster, self.workload)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._stack.enter_async_context(self.cluster)
            await self.cluster.ready(within_s=READY_WITHIN_S)
            await self._stack.enter_async_context(self.workload)
        except BaseException:
            await self._stack.aclose()
            raise
        self._tape = Tape(self.cluster.kafka.bootstrap)
        self._began = asyncio.get_running_loop().time()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def storm(self, faults: Sequence[Fault], *, pause_s: float, probed: bool = True) -> None:
        """Do each fault at its time, on top of the others; then rest, and the check.

        The recovery from all of them is measured, and where it is `probed`, which is load of its own, from each.
        """

        async def rage() -> None:
            deeds = Tasks()
            began = asyncio.get_running_loop().time()
            try:
                for fault in faults:
                    await asyncio.sleep(began + fault.at_s - asyncio.get_running_loop().time())
                    deeds.add(self._inject(fault, self.report.in_storm if probed else None))
                await deeds.wait()
                self.report.recovered_s = await self._prober.recovery_s()
            finally:
                await deeds.cancel()

        await self._under_load(rage(), pause_s)

    async def one_by_one(self, faults: Sequence[Fault], *, pause_s: float) -> None:
        """Do each fault when the one before has been recovered from; then rest, and the check."""

        async def take_turns() -> None:
            for fault in faults:
                await self._inject(fault, self.report.alone)

        await self._under_load(take_turns(), pause_s)

    async def _under_load(self, faults: Coroutine[Any, Any, None], pause_s: float) -> None:
        snapshots = Tasks()
        for package in PACKAGES:
            snapshots.add(hold_snapshot(self.cluster, package))
        try:
            await self.workload.start(pause_s=pause_s)
            await faults
            await self.workload.stop()
            await self.cluster.ready(within_s=READY_WITHIN_S)
        finally:
            await snapshots.cancel()
        await self._look()

    async def _inject(self, fault: Fault, recoveries: Recoveries | None) -> None:
        self._say(f"{asyncio.get_running_loop().time() - self._began:7.1f} s  {fault}")
        self.report.injected[fault.kind] += 1
        await DEEDS[fault.kind](self.cluster, fault)
        if recoveries is not None:
            recoveries.setdefault(fault.kind, []).append(await self._prober.recovery_s())

    async def _look(self) -> None:
        """Wait for rest, then take down what can be seen."""
        books = Books({package: await self.cluster.connect(package) for package in PACKAGES})
        try:
            found = await until_quiet(lambda: self._stuck(books), within_s=REST_WITHIN_S)
            await self._tape.wind_on()
            writes = self.workload.writes()
            found += await check(self._tape, books, writes)
        finally:
            await books.close()
        report = self.report
        report.findings = found
        report.events, report.repeats = self._tape.events, repeats(self._tape.records)
        report.writes = Counter(write.fate for write in writes)
        report.answers = self.workload.answers()
        processes = self.cluster.processes.values()
        report.ended_by_themselves = Counter({p.name: p.ended_by_itself for p in processes if p.ended_by_itself})

    async def _stuck(self, books: Books) -> list[Finding]:
        return await stuck(books, PACKAGES, self.cluster.kafka.bootstrap)
