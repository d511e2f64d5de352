"""One small statement, by each of the ways to it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from baoke_chassis.database import Database
from baoke_events.statements import fetch
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.harness import Contender, Figures, Row, Servers, Size

SQL = "SELECT $1::int + 1 AS number, $2::text AS words"
_TEXT = text("SELECT CAST(:number AS int) + 1 AS number, CAST(:words AS text) AS words")


@dataclass(frozen=True, slots=True)
class Stage:
    """A database, and how often it is asked."""

    servers: Servers
    database: Database
    times: int

    async def ask(self, once: Callable[[AsyncSession], Awaitable[object]]) -> Figures:
        """Ask so often in one transaction."""
        async with self.database.begin() as session:
            await once(session)
            with self.servers.stopwatch() as took:
                for _ in range(self.times):
                    await once(session)
        costs = took.each_of(self.times)
        return {name: costs[name] for name in ("python", "postgres", "throughput")}


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """A database of its own."""
    database = Database(servers.database("bench_statement"), service="bench")
    yield Stage(servers, database, size.of(full=20_000, quick=2_000, smoke=20))
    await database.close()


async def by_driver(session: AsyncSession) -> object:
    """As hot statements go."""
    return await fetch(session, SQL, 1, "words")


async def by_connection(session: AsyncSession) -> object:
    """SQLAlchemy's shortest way, which knows nothing of the statement."""
    return (await (await session.connection()).exec_driver_sql(SQL, (1, "words"))).all()


async def by_session(session: AsyncSession) -> object:
    """As all other statements go."""
    return (await session.execute(_TEXT, {"number": 1, "words": "words"})).all()


def _ask(once: Callable[[AsyncSession], Awaitable[object]]) -> Callable[[Stage], Awaitable[Figures]]:
    return lambda stage: stage.ask(once)


ROWS = (
    Row(
        name="statement",
        title="One small statement",
        measures="A statement with two parameters and one row is sent and read, again and again in one transaction.",
        units={"python": "µs", "postgres": "µs", "throughput": "statements/s"},
        stage=stage,
        contenders=[
            Contender("`baoke_events.statements.fetch`", _ask(by_driver)),
            Contender("`exec_driver_sql`", _ask(by_connection)),
            Contender("`AsyncSession.execute`", _ask(by_session)),
        ],
        targets=[],
        needs_kafka=False,
    ),
)
