"""A database restored from a backup, and a Kafka that has gone on: together again, and nothing hidden."""

import asyncio
import json
import os
import subprocess
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from baoke_chassis import migrations
from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.operating.recover import recover
from baoke_chassis.schema import platform_metadata
from baoke_chassis.service import Service
from baoke_chassis.settings import ServiceSettings
from baoke_chassis.testing import DEALER, record_of
from baoke_chassis.worker import Worker
from baoke_events import LeadAssigned, LeadStageChanged, MessageDelivered
from baoke_events.consuming import Subscriptions
from baoke_events.outbox import publish
from baoke_events.transports import Outgoing
from baoke_events.transports.kafka import KafkaTransport
from baoke_local.kafka import LocalKafka
from baoke_local.postgres_data import program
from baoke_local.topics import ensure_topics, read_topics
from sqlalchemy import text

subscriptions = Subscriptions()


@subscriptions.on(MessageDelivered)
async def note_deliveries(session, events, *, now):
    """Every delivery moves its lead one stage on."""
    await publish(
        session,
        [
            LeadStageChanged(
                dealer_id=e.dealer_id,
                occurred_at=now,
                causation_id=e.id,
                lead_id=e.party_id,
                store_id=DEALER,
                from_stage="new",
                to_stage="contacted",
            )
            for e in events
        ],
    )


@pytest.fixture
async def kafka(kafka_server):
    """A broker where nobody else is lead-service; that of the environment, if it names one."""
    if kafka_server is None:
        yield os.environ["KAFKA_BOOTSTRAP_SERVERS"]
        return
    with LocalKafka.temporary() as server:
        await ensure_topics(server.bootstrap, read_topics())
        yield server.bootstrap


@pytest.fixture
def restorable(postgres, kafka):
    """A service on a real Kafka whose database can be dumped and restored."""
    return described(postgres, kafka=kafka)


def described(postgres, *, kafka):
    name = "restorable"
    postgres.create_database(name)
    url = postgres.url(name)
    settings = ServiceSettings(database_url=url, kafka_bootstrap_servers=kafka)
    return Service(
        name="lead-service",
        title="Restorable",
        description="Loses what its backup does not know.",
        package="baoke_events",
        settings=settings,
        metadata=platform_metadata(),
        subscriptions=[subscriptions],
    )


def run(postgres, name, *arguments):
    command = [program(name), f"--host={postgres.folder / 'socket'}", "--username=postgres", *arguments]
    subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603


class Life:
    """The service between two failures: a worker, and what is written meanwhile."""

    def __init__(self, service, kafka):
        self.database = Database(service.settings.database_url, service=service.name)
        self.transport = KafkaTransport(kafka, client_id=service.name)
        self.worker = Worker(service, self.database, self.transport)

    async def __aenter__(self):
        await self.worker.start()
        return self

    async def __aexit__(self, *_):
        await self.worker.stop()
        await self.transport.close()
        await self.database.close()

    async def assign(self, lead):
        """A write that comes over HTTP."""
        assigned = LeadAssigned(
            dealer_id=DEALER, occurred_at=utc_now(), lead_id=lead, store_id=DEALER, advisor_id=DEALER
        )
        async with self.database.begin() as session:
            await publish(session, [assigned])
        return assigned.id

    async def hear(self, lead):
        """A write that another service's event brings about."""
        delivered = MessageDelivered(
            dealer_id=DEALER, occurred_at=utc_now(), party_id=lead, message_id=uuid4(), channel="sms"
        )
        await self.transport.deliver([Outgoing(0, 0, record_of(delivered))])

    async def sent(self, lead, version):
        """Returns when this version of the lead has left."""
        sql = text("SELECT (SELECT max(sequence) FROM stream_head WHERE key = :key), (SELECT count(*) FROM outbox)")
        async with asyncio.timeout(60):
            while True:
                async with self.database.engine.connect() as connection:
                    if tuple((await connection.execute(sql, {"key": str(lead)})).one()) == (version, 0):
                        return
                await asyncio.sleep(0.05)


async def told_of(kafka, lead, at_least):
    """The lead's (version, event id) on Kafka, in order."""
    consumer = AIOKafkaConsumer("baoke.leads", bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    found = []
    async with asyncio.timeout(60):
        while len(found) < at_least:
            for messages in (await consumer.getmany(timeout_ms=500)).values():
                headers = [dict(m.headers) for m in messages if m.key == str(lead).encode()]
                found += [(int(h["ce_sequence"]), h["ce_id"].decode()) for h in headers]
    await consumer.stop()
    return found


@pytest.mark.kafka
async def test_a_restored_database_repeats_no_version_says_again_what_it_can_and_reports_the_rest(
    restorable, postgres, kafka, tmp_path
):
    since, lead, other = utc_now() - timedelta(seconds=5), uuid4(), uuid4()
    new = Database(restorable.settings.database_url, service=restorable.name)
    await migrations.upgrade(restorable, new.engine)
    await new.close()
    async with Life(restorable, kafka) as before:
        await before.assign(lead)
        await before.hear(other)
        await before.sent(lead, 1)
        await before.sent(other, 1)
    dump = tmp_path / "restorable.dump"
    run(postgres, "pg_dump", "--format=custom", f"--file={dump}", "restorable")
    async with Life(restorable, kafka) as forgotten:
        lost_id = await forgotten.assign(lead)
        await forgotten.hear(other)
        await forgotten.sent(lead, 2)
        await forgotten.sent(other, 2)
    run(postgres, "dropdb", "restorable")
    run(postgres, "createdb", "restorable")
    run(postgres, "pg_restore", "--dbname=restorable", str(dump))

    database = Database(restorable.settings.database_url, service=restorable.name)
    said = await recover(restorable, database, since=since, to=tmp_path / "lost.jsonl")
    assert await recover(restorable, database, since=since, to=None) != said  # again changes nothing, and finds nothing
    await database.close()
    async with Life(restorable, kafka) as after:
        await after.assign(lead)
        await after.sent(lead, 3)
        await after.sent(other, 3)

    assert said.splitlines() == [
        "2 events are on the topics that this database did not know.",
        "1 of them follow from what was heard again and will be said under their old ids:",
        "       1 baoke.lead.stage_changed.v1",
        "1 are lost: others heard them, and what was written with them is gone:",
        "       1 baoke.lead.assigned.v1",
    ]
    [lost] = [json.loads(line) for line in (tmp_path / "lost.jsonl").read_text().splitlines()]
    assert (lost["event_id"], lost["key"], lost["sequence"]) == (str(lost_id), str(lead), 2)
    of_lead = await told_of(kafka, lead, 3)
    assert [version for version, _ in of_lead] == [1, 2, 3]
    assert len({event_id for _, event_id in of_lead}) == 3
    (_, first), (_, second), (third_version, third) = await told_of(kafka, other, 3)
    assert (third_version, third) == (3, second)
    assert first != second


async def test_nothing_is_recovered_while_the_service_is_at_work(postgres):
    service = described(postgres, kafka="none")
    database, at_work = (Database(service.settings.database_url, service=service.name) for _ in range(2))
    async with at_work.begin() as session:
        await session.execute(text("SELECT 1"))
        with pytest.raises(SystemExit, match="Stop lead-service first"):
            await recover(service, database, since=None, to=None)
    await at_work.close()
    await database.close()
