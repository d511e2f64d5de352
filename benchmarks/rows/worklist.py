"""An advisor's worklist, of a dealer with a million open leads."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

import asyncpg
import httpx
from baoke_chassis import migrations
from baoke_chassis.access import Role
from baoke_chassis.database import Database
from baoke_chassis.local_issuer import LocalIssuer
from lead_service.app import service as compose
from lead_service.settings import Settings

from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.bare_apis import DEALER
from benchmarks.leads.open import ADVISORS, advisor, open_leads
from benchmarks.odometer.serving import Api, free_port, serving

OURS, BARE = "lead-service", "asyncpg, the page's rows alone"
PAGE = 50
UNITS = {"p50": "ms", "p99": "ms", "throughput": "pages/s", "python": "µs", "postgres": "µs"}

_ROWS = """
SELECT * FROM lead
WHERE dealer_id = $1 AND advisor_id = $2 AND closed_at IS NULL AND next_contact_at < now()
ORDER BY ranked_at, id LIMIT 51
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The api over many open leads, a manager who asks for advisors' lists, and how often in a round."""

    servers: Servers
    api: Api
    manager: httpx.AsyncClient
    bare: asyncpg.Connection
    pages: int

    async def ask(self) -> Figures:
        """One list after the other, each another advisor's, over HTTP."""

        async def page(number: int) -> int:
            answer = await self.manager.get("/v1/worklist", params={"advisor_id": str(advisor(number)), "limit": PAGE})
            return len(answer.raise_for_status().json()["items"])

        return await self._timed(page)

    async def select(self) -> Figures:
        """The rows of the same pages, read and no more."""

        async def page(number: int) -> int:
            return len((await self.bare.fetch(_ROWS, DEALER, advisor(number)))[:PAGE])

        return await self._timed(page)

    async def _timed(self, page: Callable[[int], Awaitable[int]]) -> Figures:
        each_s = []
        with self.servers.stopwatch([self.api.pid]) as took:
            for number in range(self.pages):
                began = perf_counter()
                if not await page(number):
                    raise AssertionError(f"advisor {number} has nothing to do")
                each_s.append(perf_counter() - began)
        each_s.sort()
        costs = took.each_of(self.pages)
        return {
            "p50": each_s[len(each_s) // 2] * 1e3,
            "p99": each_s[int(len(each_s) * 0.99)] * 1e3,
            **{name: costs[name] for name in ("throughput", "python", "postgres")},
        }


@asynccontextmanager
async def stage(servers: Servers, size: Size) -> AsyncIterator[Stage]:
    """lead-service's api as deployed, and its database full of open leads."""
    url, port = servers.database("bench_worklist"), free_port()
    issuer = LocalIssuer(servers.folder / "worklist-issuer")
    async with AsyncExitStack() as stack:
        database = Database(url, service="lead-service")
        stack.push_async_callback(database.close)
        await migrations.upgrade(compose(Settings(database_url="unused")), database.engine)
        await open_leads(database.engine, size.of(full=1_000_000, quick=100_000, smoke=10 * ADVISORS))
        settings = {
            "BAOKE_DATABASE_URL": url,
            "BAOKE_PORT": str(port),
            "BAOKE_JWKS_FILE": str(issuer.jwks_file),
            "BAOKE_LOG_LEVEL": "WARNING",
            "BAOKE_INTAKE_SECRET_KEY": "of no worth, for no webhook is kept",
        }
        api = await stack.enter_async_context(serving("-m", "lead_service", "api", port=port, settings=settings))
        headers = {"Authorization": f"Bearer {issuer.token(Role.MANAGER, dealer_id=DEALER)}"}
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers)
        manager = await stack.enter_async_context(client)
        bare = await asyncpg.connect(url.replace("+asyncpg", ""))
        stack.push_async_callback(bare.close)
        yield Stage(servers, api, manager, bare, pages=size.of(full=1_000, quick=200, smoke=3))


ROWS = (
    Row(
        name="worklist",
        title="An advisor's worklist among a million open leads",
        measures=(
            f"One connection asks for a page of {PAGE} of one advisor after the other, of {ADVISORS}; each lead comes "
            "with its score and the script that fits. From the request to the whole answer."
        ),
        units=UNITS,
        stage=stage,
        contenders=[Contender(OURS, Stage.ask), Contender(BARE, Stage.select)],
        targets=[Target("p99", at_most=50.0)],
        rounds=2,
        needs_kafka=False,
        apart=True,
    ),
)
