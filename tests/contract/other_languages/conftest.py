"""What lead-service says on a real Kafka, for readers that are not written in Python."""

import json
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from baoke_chassis.database import Database
from baoke_chassis.service import Service
from baoke_events.contracts.samples import SAMPLES
from baoke_events.envelope import Record, encode
from baoke_events.ids import uuid7
from baoke_events.outbox import publish, publish_records
from baoke_events.relay import Relay
from baoke_events.transports.kafka import KafkaTransport
from contract.other_languages.kcat import Kcat, KcatUnavailable, find_kcat
from lead_service.app import service as compose
from lead_service.settings import Settings

Heard = tuple[str, str, str, int, Any]
"""What a reader makes of a record: topic, key, type, sequence, data; None is a tombstone's."""


@pytest.fixture(scope="session")
def service() -> Service:
    return compose(Settings(database_url="unused"))


@pytest.fixture
async def said(database: Database, kafka: str) -> list[Heard]:
    """A lead with Chinese names, lost and won, and how to reach the person, who is then erased; all on the broker."""
    lead = uuid7()
    lost, won = (SAMPLES[name] for name in ("baoke.lead.defeated.v1", "baoke.lead.won.v1"))
    contact = SAMPLES["baoke.contact.changed.v1"].model_copy(update={"id": uuid7(), "party_id": lead})
    story = [*(each.model_copy(update={"id": uuid7(), "lead_id": lead}) for each in (lost, won)), contact]
    stone = encode(contact.model_copy(update={"id": (erasure := uuid7())}), service="lead-service")
    headers = tuple((name, value) for name, value in stone.headers if name != "ce_sequence")
    async with database.begin() as session:
        await publish(session, story)
        await publish_records(session, [(erasure, Record(stone.topic, stone.key, headers, None))])
    transport = KafkaTransport(kafka, client_id="other-languages")
    await Relay(database.engine, transport, service="lead-service", lease_ttl_s=3_600).carry()
    await transport.close()
    data = [
        (event.type, sequence, json.loads(event.model_dump_json()))
        for event, sequence in zip(story, (1, 2, 1), strict=True)
    ]
    data.append((contact.type, 2, None))
    return [(SAMPLES[type_].topic, str(lead), type_, sequence, value) for type_, sequence, value in data]


@pytest.fixture(scope="session")
def kcat(absent: Callable[[str], NoReturn]) -> Kcat:
    try:
        return find_kcat()
    except KcatUnavailable as error:
        absent(str(error))
