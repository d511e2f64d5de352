"""Background tasks that are not forgotten: held while they run, and their failure is the failure of who held them."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Tasks:
    """Starts tasks and keeps them until they end or `cancel` ends them."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self.failures: list[BaseException] = []

    def add(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start the work now."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    async def wait(self) -> None:
        """Return when all have ended.

        Raises:
            BaseException: the first failure of any of them.
        """
        while self._running:
            await asyncio.wait(self._running)
        for failure in self.failures:
            raise failure

    async def cancel(self) -> None:
        """End what still runs."""
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (failure := task.exception()):
            self.failures.append(failure)
