"""What an operator does to a running service: the same commands beside every process and beside `make run`."""

import argparse
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from baoke_events.consuming import discarding
from baoke_events.quarantine import Key, discard, release

from baoke_chassis.database import Database
from baoke_chassis.operating.recover import recover
from baoke_chassis.operating.status import status_of
from baoke_chassis.service import Service
from baoke_chassis.worker import consumer_of

Asked = argparse.Namespace
Act = Callable[[Service, Database, Asked], Awaitable[str]]
"""Does what was asked for and returns what to tell the operator."""


def add_commands(commands: Any) -> None:
    """Name the operator's commands to an `argparse` parser; what was asked for has them as `act`."""
    _add(commands, "status", _status, "show what waits, and who is at work on it").add_argument(
        "--json", action="store_true", help="for machines"
    )
    replay = _add(commands, "replay", _replay, "apply parked events again, key by key in order")
    replay.add_argument("--topic")
    replay.add_argument("--key")
    _of_key(_add(commands, "release", _release, "put the quarantined events of a key back into the outbox"))
    discarding = _add(commands, "discard", _discard, "give up the first event that holds a key, and keep why")
    discarding.add_argument("taken_from", choices=["parked", "quarantined"])
    _of_key(discarding)
    discarding.add_argument("--reason", required=True, help="why, for those who look for it later")
    discarding.add_argument("--all", action="store_true", help="all that waits of the key")
    recovering = _add(commands, "recover", _recover, "bring a restored database and Kafka together again")
    recovering.add_argument("--since", type=_instant, help="an instant before the backup; none, all that Kafka keeps")
    recovering.add_argument("--lost", type=Path, metavar="FILE", help="gets a JSON line for each event that is lost")


def _instant(words: str) -> datetime:
    instant = datetime.fromisoformat(words)
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("name the time zone, as in 2026-11-22T07:00:00Z")
    return instant


def _add(commands: Any, name: str, act: Act, help: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    parser.set_defaults(act=act)
    return parser


def _of_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--topic", required=True)
    parser.add_argument("--key", required=True)


async def _status(service: Service, database: Database, asked: Asked) -> str:
    async with database.begin() as session:
        status = await status_of(session, service.name)
    return status.as_json() if asked.json else status.as_text()


async def _replay(service: Service, database: Database, asked: Asked) -> str:
    healed, left = await consumer_of(service, database).replay(topic=asked.topic, key=asked.key)
    return f"{healed} healed, {left} still parked"


async def _release(service: Service, database: Database, asked: Asked) -> str:
    async with database.begin() as session:
        released = await release(session, Key(asked.topic, asked.key))
    return f"{released} released"


async def _recover(service: Service, database: Database, asked: Asked) -> str:
    return await recover(service, database, since=asked.since, to=asked.lost)


async def _discard(service: Service, database: Database, asked: Asked) -> str:
    key = Key(asked.topic, asked.key)
    async with database.begin() as session:
        if asked.taken_from == "parked":
            given_up = await discarding.discard(session, service.name, key, reason=asked.reason, all=asked.all)
        else:
            given_up = await discard(session, key, reason=asked.reason, all=asked.all)
    then = "replay" if asked.taken_from == "parked" else "release"
    return f"{given_up} discarded; what waits behind it goes on with: {then} --topic {asked.topic} --key {asked.key}"
