"""What it costs to keep the names of leads findable."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from baoke_chassis.database import Database
from sqlalchemy import text

from benchmarks.harness import Contender, Figures, Row, Servers, Size
from benchmarks.leads.apis import tables
from benchmarks.leads.open import open_leads

WORDS, BEGINNINGS, NONE = "GIN of words and signs", "index of beginnings", "no index of names"
INDEXES = {
    WORDS: "CREATE INDEX ix_bench_name ON lead USING gin (to_tsvector('simple', name_terms(dealer_id, name))) "
    "WITH (gin_pending_list_limit = 1024)",
    BEGINNINGS: "CREATE INDEX ix_bench_name ON lead (dealer_id, replace(lower(normalize(name, NFKC)), ' ', '') "
    "text_pattern_ops)",
    NONE: "SELECT",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """lead-service's tables, and how many leads there will be."""

    servers: Servers
    database: Database
    leads: int

    async def fill(self, contender: str) -> Figures:
        """Insert the leads with this index of names, and all others."""
        async with self.database.engine.begin() as connection:
            for statement in (
                "TRUNCATE lead",
                "DROP INDEX IF EXISTS ix_lead_name_terms, ix_bench_name",
                INDEXES[contender],
            ):
                await connection.execute(text(statement))
        with self.servers.stopwatch() as took:
            await open_leads(self.database.engine, self.leads)
        costs = took.each_of(self.leads)
        return {name: costs[name] for name in ("postgres", "throughput")}


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """No leads yet."""
    async with tables(servers.database("bench_name_index")) as database:
        yield Stage(servers, database, size.of(full=100_000, quick=20_000, smoke=1_000))


def _with(contender: str) -> Callable[[Stage], Awaitable[Figures]]:
    return lambda stage: stage.fill(contender)


ROWS = (
    Row(
        name="name_index",
        title="Leads whose names can be found",
        measures=(
            "Open leads with Chinese names are inserted, 10,000 a statement, with all other indexes of the table and "
            "one of names: that of lead-service, one of beginnings, or none. The table is vacuumed afterwards."
        ),
        units={"postgres": "µs", "throughput": "leads/s"},
        stage=stage,
        contenders=[Contender(name, _with(name)) for name in INDEXES],
        targets=[],
        needs_kafka=False,
    ),
)
