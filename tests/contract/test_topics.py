"""deploy/topics.yaml and the catalogue name the same topics, with the properties that the contract promises."""

from baoke_events.contracts.topics import COMPACTED, PARTITIONS, topics
from baoke_local.topics import DEAD_LETTERS, read_topics


def test_every_topic_of_the_catalogue_is_deployed_and_no_other() -> None:
    deployed = {topic.name for topic in read_topics() if not topic.name.endswith(DEAD_LETTERS)}

    assert deployed == {topic.name for topic in topics()}


def test_every_topic_has_the_promised_number_of_partitions() -> None:
    assert {topic.partitions for topic in read_topics()} == {PARTITIONS}


def test_only_the_promised_topics_are_compacted() -> None:
    assert {topic.name for topic in read_topics() if topic.config.get("cleanup.policy") == "compact"} == COMPACTED


def test_all_events_of_a_topic_have_the_same_key() -> None:
    assert {(topic.name, kind.key) for topic in topics() for kind in topic.kinds} == {
        (topic.name, topic.key) for topic in topics()
    }
