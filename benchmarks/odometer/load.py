"""Somebody who reports batches of 1,000 readings over keep-alive connections; a process of its own, and a cheap one.

Of 1,000 readings 900 are new, 50 were in the batch before, and 50 claim a million and a half kilometres. Half name
their vehicle by its VIN. The bytes are made before the clock runs, and are read only after it has stopped.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from time import perf_counter

from benchmarks.backbone.child import answer, questions
from benchmarks.odometer.fleet import FIRST_KM, vehicle_id, vin

SIZE = 1_000
OF_TWENTY_REPEATED = 7
OF_TWENTY_ABSURD = 13
ABSURD_KM = 1_500_000
SCATTER = 7_919
"""A prime: the vehicles of a batch lie all over the table."""


@dataclass(slots=True)
class Reporter:
    """One connection, with the vehicles it reports of and how often it has."""

    vehicles: range
    began_at: datetime
    batches: int = 0
    last: Sequence[dict[str, object]] = ()

    def next_batch(self) -> bytes:
        """The body of the next batch."""
        at = (self.began_at + timedelta(minutes=self.batches)).isoformat()
        fresh = [self._reading(place, at) for place in range(SIZE)]
        batch = [
            self.last[place] if self.last and place % 20 == OF_TWENTY_REPEATED else reading
            for place, reading in enumerate(fresh)
        ]
        self.batches, self.last = self.batches + 1, batch
        return json.dumps(batch).encode()

    def _reading(self, place: int, at: str) -> dict[str, object]:
        number = self.vehicles[(self.batches * SIZE + place) * SCATTER % len(self.vehicles)]
        named = {"vin": vin(number)} if place % 2 else {"vehicle_id": vehicle_id(number)}
        km = ABSURD_KM if place % 20 == OF_TWENTY_ABSURD else FIRST_KM + self.batches
        return {**named, "km": km, "read_at": at, "source": "telematics"}


def reporters(connections: int, vehicles: int) -> list[Reporter]:
    """Each with vehicles of its own."""
    each, began_at = vehicles // connections, datetime.now(UTC).replace(microsecond=0) - timedelta(days=9)
    return [Reporter(range(1 + n * each, 1 + (n + 1) * each), began_at) for n in range(connections)]


async def send(port: int, token: str, bodies: Sequence[bytes]) -> tuple[list[float], list[bytes]]:
    """Post the bodies one after the other on one connection; how long each took in seconds, and the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    took: list[float] = []
    answers: list[bytes] = []
    for request in _requests(token, bodies):
        began = perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        answers.append(await reader.readexactly(length))
        took.append(perf_counter() - began)
        if b" 200 " not in head.partition(b"\r\n")[0]:
            raise RuntimeError(f"{head.decode()}{answers[-1][:1000].decode()}")
    writer.close()
    return took, answers


def _requests(token: str, bodies: Sequence[bytes]) -> Iterator[bytes]:
    for body in bodies:
        head = (
            "POST /v1/odometer-readings/batch HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


async def main(connections: int, vehicles: int, token: str) -> None:
    """Answer `prepare <batches per connection>`, then `send <ports>`, to one port after the other."""
    partners = reporters(connections, vehicles)
    bodies: list[list[bytes]] = []
    async for question in questions():
        word, value = question.split()
        if word == "prepare":
            bodies = [[partner.next_batch() for _ in range(int(value))] for partner in partners]
            answer("prepared")
            continue
        ports = [int(port) for port in value.split(",")]
        began = perf_counter()
        sent = await asyncio.gather(*(send(port, token, own) for own, port in zip(bodies, cycle(ports))))
        seconds = perf_counter() - began
        answers = b"".join(answer_ for _, answers in sent for answer_ in answers)
        counts = {word: answers.count(f'"{word}"'.encode()) for word in ("accepted", "repeated", "quarantined")}
        answer({"seconds": seconds, "each_s": [one for took, _ in sent for one in took], **counts})


if __name__ == "__main__":
    asyncio.run(main(**json.loads(sys.argv[1])))
