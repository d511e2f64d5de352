"""The load of a run: storytellers over HTTP, and writers in processes of their own."""

import asyncio
import random
from collections import Counter
from typing import Self
from uuid import UUID

from baoke_local.demo.rules import set_rules

from faults.caller import Caller
from faults.cluster import Cluster
from faults.journal import Journal, Write, read_journals
from faults.names import Names
from faults.stories import NOT_HEARD_OF_YET, Stories
from faults.tasks import Tasks

TELLERS = 6
HOT_MEMBERS = 3
COMMANDS = {"customer_service": 4_000, "loyalty_service": 7_000}
"""Packages whose commands are run by a process of their own, with its first writer number."""
DEALER = UUID("0199d3a0-0000-7000-8000-00000000fa17")


class Workload:
    """Begins with a dealer whose rules show every effect at once, and a few members with points."""

    def __init__(self, cluster: Cluster, seed: int) -> None:
        self._cluster, self._seed = cluster, seed
        self._journals = cluster.folder / "journals"
        self._journals.mkdir()
        self._journal = Journal(self._journals / "http.journal")
        token = cluster.issuer.token("manager", dealer_id=DEALER)
        self.caller = Caller(cluster.urls, token, store_id=UUID(int=7), journal=self._journal)
        self._telling = Tasks()
        self._hot: list[str] = []
        self._tellers = [
            Stories(self.caller, random.Random(f"{seed}/{number}"), Names(number), self._hot)
            for number in range(1, TELLERS + 1)
        ]

    async def __aenter__(self) -> Self:
        await set_rules(self.caller)  # type: ignore[arg-type]  (it calls like a Dealer)
        stories = Stories(self.caller, random.Random(self._seed), Names(0), [])
        self._hot.extend(await asyncio.gather(*(self._member(stories) for _ in range(HOT_MEMBERS))))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._telling.cancel()
        await self.caller.close()
        self._journal.close()

    async def _member(self, stories: Stories) -> str:
        """Somebody with points; loyalty-service has heard of them."""
        customer = await stories.register()
        await stories.visit(await stories.own(customer), yuan=2_000)
        await self.caller.call("GET", f"/loyalty-service/v1/members/{customer}", also=NOT_HEARD_OF_YET)
        return customer

    async def start(self, *, pause_s: float) -> None:
        """Write from now on; each storyteller rests up to `pause_s` between two stories."""
        for stories in self._tellers:
            self._telling.add(_tell(stories, pause_s))
        for package, number in COMMANDS.items():
            words = [package, str(self._journals), str(DEALER), str(number), *self._hot]
            await self._cluster.add(f"{package}.writer", package, ["-m", "faults.command_writer", *words])

    async def stop(self) -> None:
        """Write no more; what was not answered stays uncertain.

        Raises:
            Exception: a storyteller was refused what should have been taken.
        """
        for package in COMMANDS:
            for writer in self._cluster.of(package, "writer"):
                await writer.stop()
        failures = self._telling.failures
        await self._telling.cancel()
        for failure in failures:
            raise failure

    def writes(self) -> list[Write]:
        """Every write so far, and its fate."""
        return read_journals(sorted(self._journals.glob("*.journal")))

    def answers(self) -> Counter[str]:
        """How often each HTTP status came."""
        return self.caller.answers


async def _tell(stories: Stories, pause_s: float) -> None:
    while True:
        await stories.tell_one()
        await asyncio.sleep(random.uniform(0, pause_s))
