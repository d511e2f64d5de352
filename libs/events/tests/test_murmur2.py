"""Our murmur2 is Kafka's."""

import aiokafka.partitioner
from baoke_events.transports.murmur2 import murmur2
from hypothesis import given
from hypothesis.strategies import binary


@given(binary(max_size=64))
def test_it_equals_the_clients_own(data):
    assert murmur2(data) == aiokafka.partitioner.murmur2(data) & 0xFFFFFFFF
