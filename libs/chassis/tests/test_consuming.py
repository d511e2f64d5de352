"""Each event has its effect once, in order, and poison harms nobody but its own key."""

import asyncio
from uuid import uuid4

import pytest
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
    broken = record_of(stage_of(lead, "contacted"))._replace(value=b'{"lead_id": 7}')

    await consumer_of(service, database).process([broken])

    async with database.engine.connect() as connection:
        errors = (await connection.scalars(text("SELECT error FROM parked_event"))).all()
    assert len(errors) == 1
    assert errors[0].startswith("ValidationError")


async def test_an_unknown_type_and_a_tombstone_are_passed_over(service, database, stage_of, heard):
    lead = uuid4()
    record = record_of(stage_of(lead, "contacted"))
    unknown = record._replace(headers=(("ce_type", b"baoke.lead.sneezed.v1"),))

    await consumer_of(service, database).process([unknown, record._replace(value=None), record])

    assert await heard(lead) == ["contacted"]


@pytest.mark.parametrize(
    "broken",
    [
        {"headers": (("ce_type", b"baoke.lead.stage_changed.v1"), ("ce_id", b"\xff"), ("note", b"a\x00b"))},
        {"value": b'{"from_stage": "new\\u0000"}'},
        {"value": b"x" * 950_000},
        {"headers": ()},
    ],
    ids=["a header that is not text", "a NUL in the data", "a value larger than a mirror takes", "no envelope"],
)
async def test_whatever_comes_can_be_set_aside(service, database, stage_of, heard, broken):
    sick, well = record_of(stage_of(uuid4(), "contacted")), stage_of(uuid4(), "contacted")

    await consumer_of(service, database).process([sick._replace(**broken), record_of(well)])

    assert await heard(well.lead_id) == ["contacted"]
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM parked_event")) == 1


async def test_a_second_owner_of_a_partition_parks_behind_what_the_first_one_parked(service, database, stage_of, heard):
    lead = uuid4()
    poison, later = record_of(stage_of(lead, "broken")), record_of(stage_of(lead, "visited"))
    consumer = consumer_of(service, database)

    await asyncio.gather(consumer.process([poison]), consumer.process([poison, later]))

    assert await heard(lead) == []
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM parked_event")) == 2


async def test_a_replay_beside_live_events_leaves_nothing_parked(service, database, stage_of, heard):
    lead = uuid4()
    consumer = consumer_of(service, database)
    await consumer.process([record_of(stage_of(lead, "broken"))])
    async with database.engine.begin() as connection:
        mended = stage_of(lead, "contacted").model_dump_json().encode()
        await connection.execute(text("UPDATE parked_event SET payload = :mended"), {"mended": mended})

    await asyncio.gather(consumer.replay(), consumer.process([record_of(stage_of(lead, "visited"))]))
    await consumer.replay()

    assert await heard(lead) == ["contacted", "visited"]
