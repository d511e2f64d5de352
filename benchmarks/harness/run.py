"""The run: every round lets each contender of a row work once, so that all see the same machine."""

import sys
import traceback
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from os import getloadavg
from time import monotonic
from typing import Any

import psutil
from baoke_chassis.process import settle_memory

from benchmarks.harness.machine import this_commit, this_machine
from benchmarks.harness.results import Measured, RowResult, Run
from benchmarks.harness.row import Contender, Figures, Row, Size
from benchmarks.harness.servers import Servers


async def run_all(rows: Sequence[Row[Any]], *, size: Size, rounds: int) -> AsyncIterator[Run]:
    """Measure the rows one after the other on servers of this run's own; yields what there is after each.

    A row that fails is said to have failed, and the others go on.
    """
    run = Run(datetime.now(UTC).isoformat(timespec="seconds"), this_commit(), size.value, this_machine(), [], [])
    with Servers() as servers:
        for row in rows:
            try:
                run.rows.append(await run_row(row, servers, size=size, rounds=rounds))
            except Exception:  # noqa: BLE001 (whatever it is, twenty minutes of the others are not lost)
                traceback.print_exc()
                run.failed.append(row.name)
            yield run


async def run_row(row: Row[Any], servers: Servers, *, size: Size, rounds: int) -> RowResult:
    """Measure one row: A B C, B C A, C A B, … so that nobody always comes first."""
    _say(f"\n{row.title}")
    load, began, processors = getloadavg()[0], monotonic(), psutil.cpu_times()
    contenders = list(row.contenders)
    measured = {contender.name: Measured(contender.name, contender.x, []) for contender in contenders}
    async with row.stage(servers, size) as stage:
        settle_memory()  # as our processes do; for all contenders
        if row.warm_up and size is Size.FULL:
            for contender in contenders:
                await contender.run(stage)
        for number in range(min(rounds, row.rounds or rounds)):
            first = number % len(contenders)
            for contender in contenders[first:] + contenders[:first]:
                figures = await contender.run(stage)
                measured[contender.name].rounds.append(dict(figures))
                _say(_line(row, contender, figures))
    return RowResult(
        row=row.name,
        title=row.title,
        measures=row.measures,
        units=dict(row.units),
        curve_over=row.curve_over,
        targets=list(row.targets),
        measured=list(measured.values()),
        load=round(load, 2),
        stolen=_stolen_since(processors),
        seconds=round(monotonic() - began, 1),
    )


def _stolen_since(before: Any) -> float | None:
    """The percentage of the processors' time that a virtual machine was not given; None where nobody counts it."""
    now = psutil.cpu_times()
    if not hasattr(now, "steal"):
        return None
    return round(100 * (now.steal - before.steal) / (sum(now) - sum(before)), 1)


def _line(row: Row[Any], contender: Contender[Any], figures: Figures) -> str:
    words = [f"{name} {figures[name]:,.1f} {unit}" for name, unit in row.units.items() if name in figures]
    return f"  {contender.name:<40} {', '.join(words)}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
