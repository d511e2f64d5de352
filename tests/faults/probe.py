"""How long until it works again: a probe is a write through everything, made after a fault has ended."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from faults.cluster import Cluster
from faults.names import Names
from faults.snapshots import AWAY
from faults.stories import Stories
from faults.workload import Workload

FIRST_WRITER = 1_000
EVERY_S = 0.2
GIVE_UP_S = 240
PEOPLE = 4
"""So many keys, that a partition nobody reads will be noticed."""
_SOLD = {
    "loyalty_service": "SELECT count(*) FROM purchase WHERE customer_id IS NOT NULL AND vin = ANY($1)",
    "service_reminder": "SELECT count(*) FROM vehicle WHERE registered_at IS NOT NULL AND vin = ANY($1)",
}
_TOLD = "SELECT count(*) FROM timeline_entry WHERE data ->> 'message_id' = ANY($1)"


class NeverRecovered(AssertionError):
    """A write that was made after a fault had no effect for minutes."""


class Prober:
    """Measures recoveries. Its writes are journaled like any other."""

    def __init__(self, cluster: Cluster, workload: Workload) -> None:
        self._cluster, self._workload = cluster, workload
        self._numbers = count(FIRST_WRITER)

    async def recovery_s(self) -> float:
        """From now until new writes have had their effect in every service.

        Leads are won: lead-service, customer-service, loyalty-service and service-reminder have heard of
        them. A message is sent: notification-service and customer-service have.

        Raises:
            NeverRecovered: not within `GIVE_UP_S`.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(GIVE_UP_S):
                await self._write_and_wait()
        except TimeoutError:
            raise NeverRecovered(f"a write had no effect within {GIVE_UP_S} s") from None
        return loop.time() - began

    async def _write_and_wait(self) -> None:
        stories = Stories(self._workload.caller, random.Random(0), Names(next(self._numbers)), [])
        sales = [stories.sell_at_once() for _ in range(PEOPLE)]
        message, *vins = await asyncio.gather(self._say_something(stories), *sales)
        for package, query in _SOLD.items():
            await self._until(package, query, vins)
        await self._until("customer_service", _TOLD, [message])

    async def _say_something(self, stories: Stories) -> str:
        return await stories.say(await stories.register(), "transactional")

    async def _until(self, package: str, query: str, names: Sequence[str]) -> None:
        """Wait until the query counts them all, whether or not the database is there all the time."""
        while True:
            with suppress(*AWAY):
                connection = await self._cluster.connect(package)
                try:
                    while await connection.fetchval(query, names) < len(names):
                        await asyncio.sleep(EVERY_S)
                    return
                finally:
                    connection.terminate()
            await asyncio.sleep(EVERY_S)
