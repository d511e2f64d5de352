"""The network between a service and its servers: a TCP proxy that can be made slow, cut, or silent while it runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from faults.tasks import Tasks

CHUNK = 65_536

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


@dataclass(eq=False)
class _Link:
    """One client's connection. A dead link passes nothing on, in neither direction, and tells nobody."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    dead: bool = False

    def cut(self) -> None:
        """Both ends get a reset."""
        for end in (self.client, self.server):
            if end is not None:
                end.transport.abort()


class Proxy:
    """Listens on a port of 127.0.0.1 and passes everything on to whatever `connect` reaches.

    A silent proxy is what a network partition looks like: new connections are accepted and never
    answered, established ones stay open and nothing arrives any more, also after the network is
    back (a firewall has forgotten them). The server's end of such a link is closed
    `server_patience_s` after the silence began, as its TCP keepalive would.
    """

    def __init__(self, connect: Connect, *, server_patience_s: float = 60) -> None:
        self.latency_s = 0.0
        self._connect = connect
        self._server_patience_s = server_patience_s
        self._silent = False
        self._links: set[_Link] = set()
        self._servers: set[asyncio.StreamWriter] = set()
        self._tasks = Tasks()
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen, and return the port."""
        self._server = await asyncio.start_server(
            lambda reader, writer: self._tasks.add(self._serve(reader, writer)) and None, "127.0.0.1", 0
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def stop(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is not None:
            self._server.close()
        self.cut()
        for server in self._servers:
            server.transport.abort()
        await self._tasks.cancel()

    def cut(self) -> int:
        """Reset every connection; new ones are welcome. Returns how many there were."""
        links = list(self._links)
        for link in links:
            link.cut()
        return len(links)

    def silence(self) -> int:
        """Let nothing through until `speak`; today's connections never recover. Returns how many there were."""
        self._silent = True
        for link in self._links:
            link.dead = True
        self._tasks.add(self._forget(list(self._servers)))
        return len(self._links)

    def speak(self) -> None:
        """New connections work again."""
        self._silent = False

    async def _forget(self, servers: list[asyncio.StreamWriter]) -> None:
        await asyncio.sleep(self._server_patience_s)
        for server in servers:
            server.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = _Link(writer, dead=self._silent)
        self._links.add(link)
        try:
            await self._pass_on(link, reader)
        except OSError:
            link.cut()
        finally:
            self._links.discard(link)
            writer.close()

    async def _pass_on(self, link: _Link, reader: asyncio.StreamReader) -> None:
        if link.dead:
            await _swallow(reader)
            return
        from_server, link.server = await self._connect()
        self._servers.add(link.server)
        self._tasks.add(self._answers(link, from_server, link.server))
        await self._pump(link, reader, link.server)

    async def _answers(self, link: _Link, reader: asyncio.StreamReader, server: asyncio.StreamWriter) -> None:
        try:
            await self._pump(link, reader, link.client)
        finally:
            server.close()
            self._servers.discard(server)

    async def _pump(self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry bytes one way until the sender ends; then the receiver's end closes too, unless the link is dead."""
        try:
            while data := await reader.read(CHUNK):
                if self.latency_s:
                    await asyncio.sleep(self.latency_s)
                if not link.dead:
                    writer.write(data)
                    await writer.drain()
        except OSError:
            pass
        if not link.dead:
            writer.close()


async def _swallow(reader: asyncio.StreamReader) -> None:
    while await reader.read(CHUNK):
        pass
