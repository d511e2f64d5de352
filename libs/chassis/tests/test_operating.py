"""The operator's commands, as they are typed."""

import argparse
import json
from uuid import uuid4

import pytest
from baoke_chassis.operating import add_commands
from baoke_chassis.testing import record_of
from baoke_chassis.worker import consumer_of
from baoke_events.leases import Leases
from baoke_events.outbox import publish
from baoke_events.quarantine import Key, set_aside
from sqlalchemy import text


@pytest.fixture
def type_in(service, database):
    """Runs one of the commands and returns what it says."""

    async def run(*words):
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers(dest="command", required=True))
        asked = parser.parse_args(words)
        return await asked.act(service, database, asked)

    return run


@pytest.fixture
async def park(service, database, stage_of):
    """Parks a lead's stages, the first of which is poison."""

    async def park_lead(lead, *stages):
        records = [record_of(stage_of(lead, stage)) for stage in ("broken", *stages)]
        await consumer_of(service, database).process(records)
        async with database.begin() as session:
            await session.execute(text("DELETE FROM outbox"))

    return park_lead


async def test_status_tells_what_waits_with_its_keys_and_who_is_at_work(database, type_in, park, stage_of):
    sick, refused = uuid4(), uuid4()
    await park(sick, "visited")
    async with database.begin() as session:
        await publish(session, [stage_of(refused, "contacted")])
    async with database.engine.begin() as connection:
        await set_aside(connection, Key("baoke.leads", str(refused)), "larger than a batch", first=True)
    async with database.begin() as session:
        await publish(session, [stage_of(uuid4(), "contacted")])
    leases = Leases(database.engine)
    await leases.renew()

    status = json.loads(await type_in("status", "--json"))
    words = await type_in("status")

    assert status["service"] == "sample-service"
    waits = {name: value for name, value in status["backlog"].items() if not name.endswith("_s")}
    assert waits == {"outbox_events": 1, "quarantined_events": 1, "parked_events": 2, "parked_keys": 1}
    assert status["relays"] == [{"owner": str(leases.owner), "slots": 64}]
    assert [(row["key"], row["error"]) for row in status["quarantined"]] == [(str(refused), "larger than a batch")]
    [parked] = status["parked"]
    assert (parked["key"], parked["events"], parked["attempts"]) == (str(sick), 2, 1)
    assert parked["error"] == "ValueError: a stage nobody knows"
    assert status["counts"]["inbox"] == 2
    for told in (f"64 of 64 owned, by {leases.owner} (64)", str(sick), str(refused), "2 events", "of 1 keys"):
        assert told in words


async def test_a_parked_event_is_given_up_with_a_reason_and_the_next_replay_heals_the_rest(type_in, park, heard):
    lead = uuid4()
    await park(lead, "visited")
    of_key = ("--topic", "baoke.leads", "--key", str(lead))

    assert (await type_in("discard", "parked", *of_key, "--reason", "ticket 8")).startswith("1 discarded")
    assert await type_in("replay", *of_key) == "1 healed, 0 still parked"

    assert await heard(lead) == ["visited"]
    assert json.loads(await type_in("status", "--json"))["counts"]["discarded"] == 1


async def test_a_quarantined_key_is_released(database, type_in, stage_of):
    lead = uuid4()
    async with database.begin() as session:
        await publish(session, [stage_of(lead, "contacted"), stage_of(lead, "visited")])
    async with database.engine.begin() as connection:
        await set_aside(connection, Key("baoke.leads", str(lead)), "not to our taste", first=True)

    assert await type_in("release", "--topic", "baoke.leads", "--key", str(lead)) == "2 released"

    backlog = json.loads(await type_in("status", "--json"))["backlog"]
    assert (backlog["outbox_events"], backlog["quarantined_events"]) == (2, 0)


def test_an_instant_without_a_time_zone_is_refused(capsys):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(dest="command", required=True))

    with pytest.raises(SystemExit):
        parser.parse_args(["recover", "--since", "2026-11-22T07:00:00"])

    assert "name the time zone" in capsys.readouterr().err
