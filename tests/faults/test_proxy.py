"""The network of the tests does what it says."""

import asyncio

import pytest

from faults.proxy import Proxy


@pytest.fixture
async def echo():
    """A server that repeats every line, behind a proxy: (proxy, its port)."""

    async def repeat(reader, writer):
        try:
            while line := await reader.readline():
                writer.write(line)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(repeat, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    proxy = Proxy(lambda: asyncio.open_connection("127.0.0.1", port), server_patience_s=0.2)
    yield proxy, await proxy.start()
    await proxy.stop()
    server.close()
    await server.wait_closed()


@pytest.fixture
async def connect(echo):
    """Makes connections by way of the proxy."""
    opened = []

    async def make():
        reader, writer = await asyncio.open_connection("127.0.0.1", echo[1])
        opened.append(writer)
        return reader, writer

    yield make
    for writer in opened:
        writer.close()


async def answer(connection, line=b"hello\n", *, within_s=30):
    """What comes back for a line; None where nothing does."""
    reader, writer = connection
    writer.write(line)
    try:
        return await asyncio.wait_for(reader.readline(), within_s)
    except TimeoutError:
        return None


async def test_what_is_said_is_passed_on(connect):
    assert await answer(await connect()) == b"hello\n"


async def test_a_slow_network_delivers_later_and_in_order(echo, connect):
    connection = await connect()
    echo[0].latency_s = 0.05

    assert [await answer(connection, line) for line in (b"one\n", b"two\n")] == [b"one\n", b"two\n"]


async def test_a_cut_resets_what_is_open_and_welcomes_what_is_new(echo, connect):
    old = await connect()
    await answer(old)

    assert echo[0].cut() == 1

    with pytest.raises(ConnectionError):
        await answer(old)
    assert await answer(await connect()) == b"hello\n"


async def test_silence_accepts_and_says_nothing_and_what_was_open_then_never_speaks_again(echo, connect):
    old = await connect()
    await answer(old)

    echo[0].silence()

    during = await connect()
    assert await answer(old, within_s=0.1) is None
    assert await answer(during, within_s=0.1) is None
    echo[0].speak()
    assert await answer(old, within_s=0.5) is None
    assert await answer(during, within_s=0.1) is None
    assert await answer(await connect()) == b"hello\n"
