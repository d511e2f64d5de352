"""Somebody who sends leads over keep-alive connections, each with a phone of its own; a process, and a cheap one.

A connection sends its next lead when it has the answer to the last. Requests are made before the clock runs.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import count, cycle
from time import perf_counter
from typing import cast

from baoke_chassis import process

from benchmarks.backbone.child import answer, questions

NUMBERS = count(13_000_000_000)
SIZE = 1_000
"""Leads of a batch."""


def request(token: str, number: int) -> bytes:
    """One lead, as a platform sends it."""
    return _post("/v1/leads", token, _lead(number))


def batch_request(token: str, numbers: Sequence[int]) -> bytes:
    """A batch of leads."""
    return _post("/v1/leads/batch", token, [_lead(number) for number in numbers])


def _lead(number: int) -> dict[str, object]:
    return {
        "source": {"channel": "dongchedi", "source_id": f"DCD-{number}", "campaign": "spring-sale"},
        "contact": {"name": "李娜", "phone": str(number)},
        "interest": {"make": "BYD", "model": "Seal", "budget_cents": 20_000_000},
        "store_id": "0199d3a0-0000-7000-8000-0000000000a1",
    }


def _post(path: str, token: str, said: object) -> bytes:
    body = json.dumps(said, ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Sender(asyncio.Protocol):
    """One connection; `done` holds how long each of its requests took, in seconds. Any success will do."""

    def __init__(self, requests: Sequence[bytes]) -> None:
        self.done: asyncio.Future[list[float]] = asyncio.get_running_loop().create_future()
        self._requests: Iterator[bytes] = iter(requests)
        self._took: list[float] = []
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Send the next when the answer is complete."""
        self._read += data
        head, found, body = self._read.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0) if found else 0
        if not found or len(body) < length:
            return
        self._took.append(perf_counter() - self._began)
        if b" 20" not in head.partition(b"\r\n")[0]:
            self.done.set_exception(RuntimeError(self._read[:1000].decode()))
            self._transport.close()
            return
        self._read = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        """An api that hangs up has failed."""
        if not self.done.done():
            self.done.set_exception(exc or RuntimeError("the api hung up"))

    def _send(self) -> None:
        following = next(self._requests, None)
        if following is None:
            self.done.set_result(self._took)
            self._transport.close()
            return
        self._began = perf_counter()
        self._transport.write(following)


async def send(ports: Sequence[int], requests: Sequence[Sequence[bytes]]) -> dict[str, object]:
    """Each list on a connection of its own, to one port after the other: seconds in all, and for each request."""
    loop, senders = asyncio.get_running_loop(), [Sender(own) for own in requests]
    began = perf_counter()
    for sender, port in zip(senders, cycle(ports)):
        await loop.create_connection(lambda sender=sender: sender, "127.0.0.1", port)  # type: ignore[misc]
    took = await asyncio.gather(*(sender.done for sender in senders))
    return {"seconds": perf_counter() - began, "each_s": sorted(each for own in took for each in own)}


async def main(token: str) -> None:
    """Answer `send <ports> <connections> <leads of each>`, and `send_batches` with as many batches of each."""

    def one() -> bytes:
        return request(token, next(NUMBERS))

    def batch() -> bytes:
        return batch_request(token, [next(NUMBERS) for _ in range(SIZE)])

    async for question in questions():
        word, ports, *numbers = question.split()
        connections, each = map(int, numbers)
        make = batch if word == "send_batches" else one
        requests = [[make() for _ in range(each)] for _ in range(connections)]
        answer(await send([int(port) for port in ports.split(",")], requests))


if __name__ == "__main__":
    process.run(main(**json.loads(sys.argv[1])))
