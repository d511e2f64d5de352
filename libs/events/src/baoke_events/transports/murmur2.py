"""Which partition a key goes to: the hash that Kafka's own clients use, so that all agree.

Algorithm: Austin Appleby's MurmurHash2 with the seed of `org.apache.kafka.common.utils.Utils.murmur2`. aiokafka's own
takes twice as long, which was a sixth of what sending an event costs; a test holds the two equal.
"""

from functools import lru_cache
from struct import unpack

_SEED, _M, _WORD = 0x9747B28C, 0x5BD1E995, 0xFFFFFFFF


def partition_of(key: str, partitions: int) -> int:
    """The partition, from 0, of a key on a topic with that many partitions."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


@lru_cache(2**16)  # a key has several events in a backlog
def murmur2(data: bytes) -> int:
    """The unsigned 32-bit hash."""
    length = len(data)
    whole = length & ~3
    hash = _SEED ^ length
    for word in unpack(f"<{whole >> 2}I", data[:whole]):
        mixed = word * _M & _WORD
        hash = (hash * _M ^ (mixed ^ mixed >> 24) * _M) & _WORD
    if length > whole:
        hash = (hash ^ int.from_bytes(data[whole:], "little")) * _M & _WORD
    hash = (hash ^ hash >> 13) * _M & _WORD
    return hash ^ hash >> 15
