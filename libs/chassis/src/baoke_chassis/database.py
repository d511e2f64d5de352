"""One engine per service, and transactions that wake the relay when they have published."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from baoke_events.outbox import PUBLISHED, SERVICE
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


class Database:
    """A service's own database."""

    def __init__(self, url: str, *, service: str, pool_size: int = 10) -> None:
        self.service = service
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=10,
            hide_parameters=True,  # they may be personal data, and errors are logged
            connect_args={"timeout": 10, "server_settings": {"application_name": service, "jit": "off"}},
        )
        self._listeners: list[Callable[[], None]] = []

    def on_published(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit of this process that added events to the outbox."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end of the block, rolled back where the block raises."""
        async with AsyncSession(self.engine, expire_on_commit=False, info={SERVICE: self.service}) as session:
            async with session.begin():
                yield session
            if session.info.get(PUBLISHED):
                for listener in self._listeners:
                    listener()

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()
