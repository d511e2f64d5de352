import asyncio
import subprocess
import sys
import time

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from baoke_local.topics import VISIBLE_LIMIT_S, Topic, TopicDiffers, ensure_topics, read_topics


def test_every_topic_has_twelve_partitions_and_a_dead_letter_topic():
    topics = {topic.name: topic for topic in read_topics()}

    assert len(topics) == 14
    assert {topic.partitions for topic in topics.values()} == {12}
    assert {f"{name}.dlq" for name in topics if not name.endswith(".dlq")} == {n for n in topics if n.endswith(".dlq")}
    assert topics["baoke.contacts"].config["cleanup.policy"] == "compact"
    assert topics["baoke.leads"].config == {"retention.ms": "604800000"}


@pytest.mark.kafka
async def test_the_platforms_topics_are_created_once_with_their_settings(kafka):
    topics = read_topics()

    created = await ensure_topics(kafka.bootstrap, topics)
    again = await ensure_topics(kafka.bootstrap, topics)

    assert sorted(created) == sorted(topic.name for topic in topics)
    assert again == []


@pytest.mark.kafka
async def test_a_changed_setting_reaches_a_topic_that_exists(kafka):
    await ensure_topics(kafka.bootstrap, [Topic("changed", 1, {"retention.ms": "1000"})])
    await ensure_topics(kafka.bootstrap, [Topic("changed", 1, {"retention.ms": "2000"})])

    asked = ConfigResource(ConfigResourceType.TOPIC, "changed", {"retention.ms": None})
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        deadline = time.monotonic() + VISIBLE_LIMIT_S  # the controller took it, the broker shows it a moment later
        while (shown := await _setting(admin, asked)) != ("retention.ms", "2000") and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
    finally:
        await admin.close()
    assert shown == ("retention.ms", "2000")


async def _setting(admin: AIOKafkaAdminClient, asked: ConfigResource) -> tuple[str, str]:
    (answer,) = await admin.describe_configs([asked])
    return answer.resources[0][4][0][:2]


@pytest.mark.kafka
async def test_the_number_of_partitions_of_a_live_topic_is_not_changed(kafka):
    await ensure_topics(kafka.bootstrap, [Topic("live", 1, {})])

    with pytest.raises(TopicDiffers, match="live has 1 partitions instead of 2, which never changes"):
        await ensure_topics(kafka.bootstrap, [Topic("live", 2, {})])


@pytest.mark.kafka
def test_the_command_line_does_the_same(kafka):
    command = [sys.executable, "-m", "baoke_local.topics", "--bootstrap", kafka.bootstrap]
    outcomes = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)]  # noqa: S603

    assert outcomes[1].stdout == "All topics were there already\n"


def test_the_command_line_says_in_a_sentence_that_no_broker_is_there():
    command = [sys.executable, "-m", "baoke_local.topics", "--bootstrap", "127.0.0.1:9"]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603

    assert outcome.returncode == 1
    assert "The topics are not as they should be: " in outcome.stderr
    assert "Traceback" not in outcome.stderr
