"""Kafka's topics as deploy/topics.yaml wants them: `python -m baoke_local.topics --bootstrap HOST:PORT`."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

TOPICS_FILE = Path(__file__).parents[3] / "topics.yaml"
DEAD_LETTERS = ".dlq"
VISIBLE_LIMIT_S = 30


class TopicDiffers(Exception):
    """A topic exists with another number of partitions."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be. `config` holds Kafka's own topic settings."""

    name: str
    partitions: int
    config: dict[str, str]


def read_topics(file: Path = TOPICS_FILE) -> tuple[Topic, ...]:
    """Return the topics of the file, each followed by its dead-letter topic."""
    wanted = yaml.safe_load(file.read_text())
    topics = []
    for name, config in wanted["topics"].items():
        topics.append(Topic(name, wanted["partitions"], _words(config)))
        topics.append(Topic(name + DEAD_LETTERS, wanted["partitions"], _words(wanted["dead_letters"])))
    return tuple(topics)


async def ensure_topics(bootstrap: str, topics: Sequence[Topic], *, replication_factor: int = 1) -> list[str]:
    """Have each topic with its settings on the broker, and return the names of those that were created.

    Raises:
        TopicDiffers: a topic exists with another number of partitions; the others are in place.
        KafkaError: the broker is away or refuses.
        TimeoutError: the broker took the topics but does not show them to its clients.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        created = await _create(admin, topics, replication_factor)
        await _configure(admin, [topic for topic in topics if topic.name not in created])
        await _check_partitions(admin, topics)
    finally:
        await admin.close()
    return created


async def _create(admin: AIOKafkaAdminClient, topics: Sequence[Topic], replication_factor: int) -> list[str]:
    wanted = [NewTopic(t.name, t.partitions, replication_factor, topic_configs=t.config) for t in topics]
    answer = await admin.create_topics(wanted)
    created = []
    for name, code, message in answer.topic_errors:
        error = for_code(code)
        if code == 0:
            created.append(name)
        elif error is not TopicAlreadyExistsError:
            raise error(f"Topic {name} could not be created: {message}")
    return created


async def _configure(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    if not topics:
        return
    wanted = [ConfigResource(ConfigResourceType.TOPIC, t.name, t.config) for t in topics]
    for answer in await admin.alter_configs(wanted):
        for code, message, _, name in answer.resources:
            if code != 0:
                raise for_code(code)(f"Topic {name} could not be configured: {message}")


async def _check_partitions(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> None:
    found = await _visible_partitions(admin, [topic.name for topic in topics])
    for topic in topics:
        has = found[topic.name]
        if has != topic.partitions:
            raise TopicDiffers(f"{topic.name} has {has} partitions instead of {topic.partitions}, which never changes.")


async def _visible_partitions(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, int]:
    """Count each topic's partitions, once the broker shows all topics to its clients: a new one takes a moment."""
    async with asyncio.timeout(VISIBLE_LIMIT_S):
        while True:
            found = await admin.describe_topics(list(names))
            if all(topic["error_code"] == 0 for topic in found):
                return {topic["topic"]: len(topic["partitions"]) for topic in found}
            await asyncio.sleep(0.05)


def _words(config: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in config.items()}


def main() -> None:
    """Bring a broker's topics to the state of the file, and say which were created."""
    parser = argparse.ArgumentParser(prog="python -m baoke_local.topics", description=main.__doc__)
    parser.add_argument("--bootstrap", required=True, metavar="HOST:PORT")
    parser.add_argument("--file", type=Path, default=TOPICS_FILE)
    parser.add_argument("--replication-factor", type=int, default=1)
    asked = parser.parse_args()
    try:
        wanted = read_topics(asked.file)
        created = asyncio.run(ensure_topics(asked.bootstrap, wanted, replication_factor=asked.replication_factor))
    except (KafkaError, TopicDiffers, TimeoutError) as error:
        sys.exit(f"The topics are not as they should be: {error}")
    sys.stdout.write(f"Created {', '.join(created)}\n" if created else "All topics were there already\n")


if __name__ == "__main__":
    main()
