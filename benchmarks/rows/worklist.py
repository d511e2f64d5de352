"""An advisor's worklist, of a dealer with a million open leads."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

import asyncpg
import httpx

from benchmarks.harness import Contender, Figures, Row, Servers, Size, Target
from benchmarks.leads.apis import lead_api, manager_token, tables
from benchmarks.leads.bare_apis import DEALER
from benchmarks.leads.open import ADVISORS, advisor, open_leads
from benchmarks.odometer.serving import Api

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
    url = servers.database("bench_worklist")
    headers = {"Authorization": f"Bearer {manager_token(servers)}"}
    async with (
        tables(url) as database,
        lead_api(servers, url) as api,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{api.port}", headers=headers) as manager,
    ):
        await open_leads(database.engine, size.of(full=1_000_000, quick=100_000, smoke=10 * ADVISORS))
        bare = await asyncpg.connect(url.replace("+asyncpg", ""))
        yield Stage(servers, api, manager, bare, pages=size.of(full=1_000, quick=200, smoke=3))
        await bare.close()


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
