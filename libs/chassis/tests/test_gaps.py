"""Versions that never come are counted, and nothing else is."""

from uuid import uuid4

import pytest
from baoke_events.envelope import Record
from baoke_events.telemetry import begin_anew, gaps, watch_sequences

TOPIC = "baoke.leads"


@pytest.fixture
def group():
    return f"service-{uuid4()}"


@pytest.fixture
def missed(scrape, group):
    """How many versions the group has missed on the topic."""

    def read(topic=TOPIC):
        return scrape().get(("baoke_consumer_gaps_total", frozenset({("service", group), ("topic", topic)})), 0)

    return read


def records(key, *versions, topic=TOPIC):
    return [Record(topic, key, (("ce_sequence", str(version).encode()),), None) for version in versions]


def test_a_missing_version_is_a_gap_and_two_are_two(group, missed):
    watch_sequences(group, records("one", 1, 2, 4))
    watch_sequences(group, records("one", 7))

    assert missed() == 3


def test_repeats_other_keys_and_a_late_start_are_none(group, missed):
    watch_sequences(group, records("one", 5, 6, 5, 6, 7))
    watch_sequences(group, records("two", 1) + records("one", 8))

    assert missed() == 0


def test_what_others_read_meanwhile_is_none(group, missed):
    watch_sequences(group, records("one", 1, 2))
    begin_anew(group)
    watch_sequences(group, records("one", 9))

    assert missed() == 0


def test_a_compacted_topic_forgets_versions_on_purpose(group, missed):
    watch_sequences(group, records("one", 1, 5, topic="baoke.contacts"))

    assert missed("baoke.contacts") == 0


def test_records_without_a_version_are_passed_over(group, missed):
    watch_sequences(group, [Record(TOPIC, "one", (("ce_sequence", b"seven"),), b""), Record(TOPIC, "one", (), b"")])

    assert missed() == 0


def test_only_the_keys_heard_of_last_are_remembered(group, missed, monkeypatch):
    monkeypatch.setattr(gaps, "KEYS", 2)
    watch_sequences(group, records("one", 1) + records("two", 1) + records("three", 1))

    watch_sequences(group, records("one", 3) + records("three", 3))

    assert missed() == 1
