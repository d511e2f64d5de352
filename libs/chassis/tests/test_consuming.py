"""Each event has its effect once, in order, and poison harms nobody but its own key."""

from dataclasses import replace
from uuid import uuid4

from baoke_chassis.testing import record_of
from baoke_chassis.worker import consumer_of
from sqlalchemy import text


async def test_a_repeated_event_has_its_effect_once(deliver, stage_of, heard):
    lead = uuid4()
    event = stage_of(lead, "contacted")

    await deliver(event, event)
    await deliver(event)

    assert await heard(lead) == ["contacted"]


async def test_a_key_keeps_its_order(deliver, stage_of, heard):
    lead = uuid4()

    await deliver(*[stage_of(lead, stage) for stage in ("contacted", "visited", "negotiating")])

    assert await heard(lead) == ["contacted", "visited", "negotiating"]


async def test_poison_parks_its_key_and_others_go_on(service, database, stage_of, heard):
    sick, well = uuid4(), uuid4()
    events = [stage_of(sick, "broken"), stage_of(well, "contacted"), stage_of(sick, "visited")]

    await consumer_of(service, database).process([record_of(event) for event in events])

    assert (await heard(sick), await heard(well)) == ([], ["contacted"])
    async with database.engine.connect() as connection:
        parked = (await connection.execute(text("SELECT key, error FROM parked_event ORDER BY id"))).all()
        mirrored = (await connection.scalars(text("SELECT topic FROM outbox ORDER BY id"))).all()
    assert parked == [(str(sick), "ValueError: a stage nobody knows"), (str(sick), "behind a parked event")]
    assert mirrored == ["baoke.leads.dlq", "baoke.leads.dlq"]


async def test_a_replay_heals_a_key_in_order(service, database, stage_of, heard):
    lead = uuid4()
    consumer = consumer_of(service, database)
    await consumer.process([record_of(stage_of(lead, "broken")), record_of(stage_of(lead, "visited"))])
    assert await consumer.replay() == (0, 2)
    async with database.engine.begin() as connection:
        mended = stage_of(lead, "contacted").model_dump_json().encode()
        await connection.execute(
            text("UPDATE parked_event SET payload = :mended WHERE id = (SELECT min(id) FROM parked_event)"),
            {"mended": mended},
        )

    assert await consumer.replay(topic="baoke.leads", key=str(lead)) == (2, 0)
    assert await heard(lead) == ["contacted", "visited"]


async def test_data_that_breaks_its_schema_is_parked(service, database, stage_of, heard):
    lead = uuid4()
    broken = replace(record_of(stage_of(lead, "contacted")), value=b'{"lead_id": 7}')

    await consumer_of(service, database).process([broken])

    async with database.engine.connect() as connection:
        errors = (await connection.scalars(text("SELECT error FROM parked_event"))).all()
    assert len(errors) == 1
    assert errors[0].startswith("ValidationError")


async def test_an_unknown_type_and_a_tombstone_are_passed_over(service, database, stage_of, heard):
    lead = uuid4()
    record = record_of(stage_of(lead, "contacted"))
    unknown = replace(record, headers=(("ce_type", b"baoke.lead.sneezed.v1"),))

    await consumer_of(service, database).process([unknown, replace(record, value=None), record])

    assert await heard(lead) == ["contacted"]
