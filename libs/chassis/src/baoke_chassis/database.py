"""One engine per service, and transactions that wake the relay when they have published."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from baoke_events.outbox import PUBLISHED, SERVICE
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine


class Database:
    """A service's own database."""

    def __init__(self, url: str, *, service: str, pool_size: int = 20, timeout_s: float = 30) -> None:
        """Describe the database. A statement, or a pause inside a transaction, may take `timeout_s`.

        The client gives up on a server that has fallen silent; the server ends what a silent client left open, so that
        its locks do not outlive it.
        """
        self.service = service
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,  # overflow is closed when it comes back: a burst would connect anew with every request
            pool_timeout=10,
            hide_parameters=True,  # they may be personal data, and errors are logged
            connect_args={
                "timeout": min(10, timeout_s),
                "command_timeout": timeout_s,
                "server_settings": {"application_name": service, "jit": "off", **_end_what_is_left(timeout_s)},
            },
        )
        self._listeners: list[Callable[[], None]] = []

    def on_published(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit of this process that added events to the outbox."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """One transaction: committed at the end of the block, rolled back where the block raises."""
        session = AsyncSession(self.engine, expire_on_commit=False, info={SERVICE: self.service})
        try:
            async with session.begin():
                yield session
        finally:
            await session.close()  # the connection is back by now; `async with` would start a task to say so
        if session.info.get(PUBLISHED):
            for listener in self._listeners:
                listener()

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()


def _end_what_is_left(timeout_s: float) -> dict[str, str]:
    """Server settings for a client that vanished, in PostgreSQL's own units."""
    return {
        "idle_in_transaction_session_timeout": f"{timeout_s:.0f}s",
        "statement_timeout": f"{timeout_s + 5:.0f}s",
        "tcp_keepalives_idle": "15",
        "tcp_keepalives_interval": "5",
        "tcp_keepalives_count": "3",
    }
