"""The topics of the catalogue, each with its event types."""

import sys
from dataclasses import dataclass

from baoke_events.catalogue import contacts
from baoke_events.contracts.drafts import published
from baoke_events.event import Event

PARTITIONS = 12
COMPACTED = contacts.COMPACTED


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic and what is said on it, in the catalogue's order."""

    name: str
    kinds: tuple[type[Event], ...]

    @property
    def id(self) -> str:
        """The last word of the name: `leads` of `baoke.leads`."""
        return self.name.rpartition(".")[2]

    @property
    def key(self) -> str:
        """The field whose value is the record's key."""
        return self.kinds[0].key

    @property
    def summary(self) -> str:
        """What the topic is about, in one sentence."""
        doc = sys.modules[self.kinds[0].__module__].__doc__ or ""
        sentence = doc.partition(": ")[2].strip()
        return sentence[:1].upper() + sentence[1:]

    @property
    def publishers(self) -> tuple[str, ...]:
        """The services that publish on it."""
        return tuple(dict.fromkeys(service for kind in self.kinds for service in kind.publishers))


def topics() -> tuple[Topic, ...]:
    """Every topic of the catalogue."""
    kinds = published().values()
    names = dict.fromkeys(kind.topic for kind in kinds)
    return tuple(Topic(name, tuple(kind for kind in kinds if kind.topic == name)) for name in names)
