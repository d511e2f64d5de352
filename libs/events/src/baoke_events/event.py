"""What a fact is: data under a CloudEvents 1.0 envelope."""

from typing import Annotated, ClassVar, Self, Unpack
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from baoke_events.ids import uuid7

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
"""A lower snake case term. Its set of values belongs to the publisher and may grow within a version."""

Text = Annotated[str, StringConstraints(max_length=500)]
Cents = Annotated[int, Field(ge=0, le=10**15)]
Km = Annotated[int, Field(ge=0, le=10_000_000)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

_JSON_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])


class Fact(BaseModel):
    """A closed, frozen value inside an event's data."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Event(Fact):
    """One fact in the past tense. Subclasses add the data; the fields below travel as headers.

    A class that names a `type` is a published event and joins `Event.registry`; a class that
    names only `topic` and `key` is the common shape of a topic's events.
    """

    registry: ClassVar[dict[str, type["Event"]]] = {}
    type: ClassVar[str]
    topic: ClassVar[str]
    key: ClassVar[str]
    publishers: ClassVar[tuple[str, ...]]

    id: UUID = Field(default_factory=uuid7, exclude=True)
    dealer_id: UUID = Field(exclude=True)
    occurred_at: AwareDatetime = Field(exclude=True)
    sequence: int = Field(default=0, ge=0, exclude=True)
    """Version of the aggregate after this fact, from 1; given when the event is published."""
    correlation_id: UUID | None = Field(default=None, exclude=True)
    """The request or job run that everything downstream goes back to."""
    causation_id: UUID | None = Field(default=None, exclude=True)
    """The event that this one answers."""
    traceparent: str | None = Field(default=None, exclude=True)
    """W3C Trace Context of the span that made the fact."""

    def __init_subclass__(
        cls,
        *,
        type: str | None = None,
        topic: str | None = None,
        key: str | None = None,
        publishers: tuple[str, ...] = (),
        **config: Unpack[ConfigDict],
    ) -> None:
        """Put a published event into the catalogue.

        Raises:
            TypeError: the type is taken.
        """
        super().__init_subclass__(**config)
        if topic:
            cls.topic = topic
        if key:
            cls.key = key
        if publishers:
            cls.publishers = publishers
        if type:
            if type in Event.registry:
                raise TypeError(f"{type} is in the catalogue already")
            cls.type = type
            Event.registry[type] = cls

    @property
    def subject(self) -> str:
        """The aggregate's id, which is also the Kafka key."""
        return str(getattr(self, self.key))

    @classmethod
    def parse(cls, data: bytes, **envelope: object) -> Self:
        """Read published data as an open reader: what this version does not know is ignored.

        Raises:
            pydantic.ValidationError: a field this version needs is missing or of another type.
        """
        return cls.model_validate({**_JSON_OBJECT.validate_json(data), **envelope}, extra="ignore")
