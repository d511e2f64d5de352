"""What Kafka refused waits with its key, and comes back in order when an operator lets it go."""

import asyncio
import json
from uuid import uuid4

import pytest
from baoke_events.outbox import publish
from baoke_events.quarantine import Key, discard, release
from baoke_events.relay import Relay
from baoke_events.transports import Delivery
from baoke_events.transports.embedded import EmbeddedTransport
from sqlalchemy import text


class Picky(EmbeddedTransport):
    """Refuses the stages it was told to, for good, and remembers the versions of each key that it took."""

    def __init__(self, *refused):
        super().__init__()
        self.refused = set(refused)
        self.taken = {}

    async def deliver(self, outgoing):
        delivery, sick = Delivery(), set()
        for item in outgoing:
            if json.loads(item.record.value)["to_stage"] in self.refused:
                delivery.refused.append((item, "not to our taste"))
                sick.add(item.record.key)
            elif item.record.key not in sick:
                delivery.acknowledged.append(item)
                self.taken.setdefault(item.record.key, []).append(int(dict(item.record.headers)["ce_sequence"]))
        return delivery


@pytest.fixture
def say(database, stage_of):
    """Publishes stages of a lead, each in a transaction of its own."""

    async def publish_each(lead, *stages):
        for stage in stages:
            async with database.begin() as session:
                await publish(session, [stage_of(lead, stage)])

    return publish_each


@pytest.fixture
def waiting(database):
    """Counts what is in (the outbox, the quarantine)."""

    async def count():
        async with database.engine.connect() as connection:
            sql = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM outbox_quarantine)"
            return tuple((await connection.execute(text(sql))).one())

    return count


async def until(true, *, for_s=120):
    async with asyncio.timeout(for_s):
        while not await true():
            await asyncio.sleep(0.01)


async def test_what_follows_a_refused_record_waits_behind_it_and_other_keys_go_on(database, say, waiting):
    sick, well, transport = uuid4(), uuid4(), Picky("broken")
    relay = Relay(database.engine, transport, service="sample-service", lease_ttl_s=3_600)
    await say(sick, "contacted", "broken", "visited")
    await say(well, "contacted")

    await relay.carry()
    await say(sick, "negotiating")
    await relay.carry()

    assert (transport.taken, await waiting()) == ({str(sick): [1], str(well): [1]}, (0, 3))


async def test_a_released_key_leaves_in_order_before_what_was_published_since(database, say, waiting, monkeypatch):
    monkeypatch.setattr("baoke_events.lane.KEYS_ASIDE_EVERY_S", 3_600)
    sick, transport = uuid4(), Picky("broken")
    relay = Relay(database.engine, transport, service="sample-service", lease_ttl_s=3_600)
    await say(sick, "broken", "visited")
    await relay.carry()
    await say(sick, "negotiating")
    transport.refused.clear()

    async with database.begin() as session:
        assert await release(session, Key("baoke.leads", str(sick))) == 2
    taken, left = await relay.carry()
    assert (taken, left) == (0, 3)  # it still believed the key to be aside, asked, and left everything where it was
    assert await relay.carry() == (3, 0)

    assert (transport.taken, await waiting()) == ({str(sick): [1, 2, 3]}, (0, 0))


async def test_releases_beside_two_relays_and_a_publisher_keep_the_order_of_every_key(database, say, waiting):
    leads, transport = [uuid4() for _ in range(6)], Picky("broken")
    relays = [Relay(database.engine, transport, service="sample-service") for _ in range(2)]
    running = [asyncio.create_task(relay.run()) for relay in relays]

    async def talk(lead):
        for turn in range(12):
            await say(lead, "broken" if turn == 3 else "visited")

    async def let_go():
        for lead in leads:
            async with database.begin() as session:
                await release(session, Key("baoke.leads", str(lead)))

    async def keep_letting_go():
        for _ in range(60):
            await let_go()
            await asyncio.sleep(0.01)

    await asyncio.gather(keep_letting_go(), *(talk(lead) for lead in leads))
    transport.refused.clear()
    await keep_letting_go()

    async def nothing_waits():
        await let_go()  # a relay may have set one aside that it had read before the records were taken again
        return await waiting() == (0, 0)

    await until(nothing_waits)
    for relay in relays:
        relay.stop()
    await asyncio.gather(*running)
    first_deliveries = {key: list(dict.fromkeys(versions)) for key, versions in transport.taken.items()}
    assert first_deliveries == {str(lead): list(range(1, 13)) for lead in leads}


async def test_the_first_of_a_key_can_be_given_up_with_a_reason_and_the_rest_released(database, say, waiting):
    sick, transport = uuid4(), Picky("broken")
    relay = Relay(database.engine, transport, service="sample-service", lease_ttl_s=3_600)
    await say(sick, "broken", "visited")
    await relay.carry()
    key = Key("baoke.leads", str(sick))

    async with database.begin() as session:
        assert await discard(session, key, reason="ticket 7: the note was a film") == 1
        assert await release(session, key) == 1
    await relay.carry()
    await relay.carry()

    async with database.engine.connect() as connection:
        noted = (await connection.execute(text("SELECT taken_from, type, error, reason FROM discarded_event"))).one()
    assert tuple(noted) == (
        "quarantine",
        "baoke.lead.stage_changed.v1",
        "not to our taste",
        "ticket 7: the note was a film",
    )
    assert (transport.taken, await waiting()) == ({str(sick): [2]}, (0, 0))


async def test_to_release_a_key_that_is_not_aside_changes_nothing(database, say, waiting):
    lead = uuid4()
    await say(lead, "contacted")

    async with database.begin() as session:
        assert await release(session, Key("baoke.leads", str(lead))) == 0

    assert await waiting() == (1, 0)
