"""The whole platform in this process, on each transport, and a dealer group of its own for every test."""

import socket
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from baoke_chassis.promises.events import PublishedEvents
from baoke_chassis.worker import consumer_of
from baoke_events.envelope import Record, decode
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_local.demo import Dealer, set_rules
from baoke_local.demo.dealer import until
from baoke_local.platform import Platform
from baoke_local.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def durable_postgres():
    """A PostgreSQL that keeps what it acknowledged, also when it is killed."""
    with TemporaryDirectory(prefix="baoke-e2e-") as folder, EmbeddedPostgres(Path(folder) / "postgres") as server:
        yield server


@pytest.fixture(scope="session", params=["embedded", pytest.param("kafka", marks=pytest.mark.kafka)])
async def platform(request, spans, durable_postgres, tmp_path_factory) -> AsyncIterator[Platform]:
    """All five services, over HTTP on a free port."""
    kafka = request.getfixturevalue("kafka") if request.param == "kafka" else None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    platform = Platform(tmp_path_factory.mktemp("platform"), durable_postgres, port=port, kafka=kafka)
    await platform.start()
    yield platform
    await platform.stop()


class Tap:
    """Hears everything that is published, and can say it again."""

    def __init__(self, platform: Platform, published: PublishedEvents) -> None:
        self._platform = platform
        self._published = published
        self._records: list[Record] = []
        self.broken: list[str] = []
        """What our services published against its contract; other tests' samples may be on the same broker."""

    async def hear(self, records: Sequence[Record]) -> None:
        """Take part in every delivery."""
        self._records += records
        headers = [({n: v.decode() for n, v in record.headers}, record.value) for record in records]
        ours = [
            (named, value)
            for named, value in headers
            if named.get("ce_source", "").rpartition("/")[2] in self._platform.running
        ]
        self.broken += filter(None, (self._published.judge(named, value) for named, value in ours))

    async def find(self, wanted: Callable[[Event], bool]) -> list[Record]:
        """The records of the wanted events, once there is one."""

        async def look() -> list[Record]:
            return [r for r in self._records if r.value and (e := decode(r.headers, r.value)) and wanted(e)]

        return await until(look, "the event to be published")

    async def events(self, kind: type[Event]) -> list[Event]:
        """What was published of one type, each event once: a broker may hand it over twice."""
        records = [r for r in self._records if r.value and dict(r.headers)["ce_type"].decode() == kind.type]
        events = (decode(r.headers, r.value or b"") for r in records)
        return list({event.id: event for event in events if event}.values())

    async def redeliver(self, wanted: Callable[[Event], bool], *, times: int) -> None:
        """Hand the wanted events to every service again, as a broker would after a crash."""
        records = await self.find(wanted)
        for running in self._platform.running.values():
            for _ in range(times):
                await consumer_of(running.service, running.database).process(records)


@pytest.fixture(scope="session")
async def tap(platform: Platform, published_events: PublishedEvents) -> AsyncIterator[Tap]:
    """Hears all topics, as a downstream consumer does, and holds what it hears to the stored schemas."""
    tap = Tap(platform, published_events)
    topics = sorted({type_.topic for type_ in Event.registry.values()})
    transport = next(iter(platform.running.values())).transport
    consuming = await transport.consume("tap", topics, tap.hear)
    yield tap
    await consuming.stop()
    assert tap.broken == []


@pytest.fixture
def dealer_id() -> UUID:
    """A dealer group nobody has heard of."""
    return uuid7()


@pytest.fixture
async def dealer(platform: Platform, dealer_id: UUID) -> AsyncIterator[Dealer]:
    """Its manager, with rules that let every effect be seen at once."""
    token = platform.issuer.token("manager", dealer_id=dealer_id)
    async with Dealer(platform.base_url, token, store_id=uuid7()) as dealer:
        await set_rules(dealer)
        yield dealer
