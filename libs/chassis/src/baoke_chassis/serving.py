"""HTTP on a port, with readiness turned off before the port closes."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

ANSWERS_END_S = 20
"""How long answers under way may take when the port has closed."""
KEPT_ALIVE_S = 75
"""How long an idle connection stays open: longer than balancers before us keep theirs (nginx and AWS: 60 s by default).

So it is they who close it: a request that meets a close on its way is lost, and uvicorn's own 5 s met some.
"""


class Server(uvicorn.Server):
    """Leaves the signals to whoever runs the process, and idle connections to those who opened them."""

    def __init__(self, app: ASGIApp, **settings: Any) -> None:
        """Describe the server by uvicorn's settings."""
        super().__init__(uvicorn.Config(app, log_config=None, timeout_keep_alive=KEPT_ALIVE_S, **settings))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def listen(host: str, port: int = 0) -> socket.socket:
    """A socket on the port, or on a free one.

    Named as TCP, for asyncio switches Nagle's algorithm off only where the protocol is named: 40 ms a request.

    Raises:
        OSError: something else listens there.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


def told_to_stop() -> asyncio.Event:
    """Set when the process gets SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def serve(app: FastAPI, *, host: str, port: int, until: asyncio.Event, drain_s: float = 0) -> None:
    """Serve until the event. `/readyz` says no for `drain_s` before the port closes, so that nobody is turned away."""
    server = Server(app, host=host, port=port, server_header=False, timeout_graceful_shutdown=ANSWERS_END_S)
    serving = asyncio.create_task(server.serve(), name="http")
    stopped = asyncio.create_task(until.wait())
    await asyncio.wait([serving, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not serving.done():
        app.state.draining = True
        await asyncio.sleep(drain_s)
        server.should_exit = True
    await serving
