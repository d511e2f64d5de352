"""A table of leads, sent as a file and taken in behind the scenes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import psutil
from baoke_chassis.database import Database
from baoke_events.ids import uuid7
from lead_service.commands.receive_import import ReceiveImport, receive_import
from lead_service.domain.lead_import import ImportDefaults
from lead_service.domain.source import Channel
from lead_service.jobs import take_imports_in
from sqlalchemy import text

from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.apis import tables
from benchmarks.leads.bare_apis import DEALER
from benchmarks.leads.table import write_table

STORE = UUID("0199d3a0-0000-7000-8000-0000000000a1")
PIECE = 65_536
"""Bytes that a server hands on at a time."""


@dataclass(frozen=True, slots=True)
class Stage:
    """lead-service's database, the file, and how many rows it has."""

    servers: Servers
    database: Database
    file: Path
    rows: int

    async def pieces(self) -> AsyncIterator[bytes]:
        """The file as it arrives."""
        with self.file.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """An empty database, and a file of a million rows."""
    rows = size.of(full=1_000_000, quick=50_000, smoke=2_500)
    file = servers.folder / "leads.csv"
    write_table(file, rows)
    async with tables(servers.database("bench_lead_tables")) as database:
        yield Stage(servers, database, file, rows)


async def ours(stage: Stage) -> Figures:
    """The file is received as the route does, then the job runs as the worker runs it until nothing is left to do."""
    async with stage.database.engine.begin() as connection:
        tables = "lead, touch, outbox, stream_head, lead_import, lead_import_part, lead_import_rejection"
        await connection.execute(text(f"TRUNCATE {tables}"))
    defaults = ImportDefaults(STORE, Channel.OTHER, None, None, None)
    process, longest = psutil.Process(), 0.0
    resident = most = process.memory_info().rss
    with stage.servers.stopwatch() as took:
        async with stage.database.begin() as session:
            command = ReceiveImport(DEALER, stage.file.name, defaults, uuid7())
            await receive_import(session, command, stage.pieces(), now=datetime.now(UTC))
        handled = 1
        while handled:
            most, began = max(most, process.memory_info().rss), monotonic()
            handled = await take_imports_in.job.run(stage.database, now=datetime.now(UTC))
            longest = max(longest, monotonic() - began)
    await _check(stage)
    costs = took.each_of(stage.rows)
    figures = {name: costs[name] for name in ("throughput", "python", "postgres")}
    return figures | {"longest": longest * 1e3, "memory": (most - resident) / 1e6}


async def _check(stage: Stage) -> None:
    async with stage.database.engine.connect() as connection:
        query = "SELECT rows_read, created, rejected, (SELECT count(*) FROM lead) AS leads FROM lead_import"
        row = (await connection.execute(text(query))).one()
    wrong = -(-stage.rows // 100)
    if tuple(row) != (stage.rows, stage.rows - wrong, wrong, stage.rows - wrong):
        raise AssertionError(f"of {stage.rows} rows with {wrong} wrong ones: {row}")


ROWS = (
    Row(
        name="lead_tables",
        title="A table of a million leads",
        measures=(
            "A CSV file in GB18030 is received piece by piece, then its rows are taken in, 1,000 a transaction: found "
            "out, read cell by cell, checked, deduplicated, with a touch, a lead and two events each; one in a hundred "
            "is rejected with what is wrong. From the first byte to the last commit; `longest` is the longest "
            "transaction, `memory` what the process grew by."
        ),
        units={"throughput": "rows/s", "longest": "ms", "memory": "MB", "python": "µs", "postgres": "µs"},
        stage=stage,
        contenders=[Contender("lead-service", ours)],
        targets=[Target("memory", at_most=50.0)],
        rounds=1,
        warm_up=False,
        needs_kafka=False,
        apart=True,
    ),
)
