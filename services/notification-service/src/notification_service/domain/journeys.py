"""Journeys: which event leads to which message. Rules as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from notification_service.domain.messages import Channel, MessageClass

MAX_PRIORITY = 100
MAX_DELAY_S = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the event's `field` has one of the values, or none of them where `negated`.

    Values are compared as text, so `1` and `"1"` are the same; a missing field has the value `""`.
    """

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, data: Mapping[str, object]) -> bool:
        """Whether it holds for an event with this data."""
        value = data.get(self.field)
        return (("" if value is None else str(value)) in self.values) is not self.negated


@dataclass(frozen=True, slots=True)
class Journey:
    """After `event`, where all of `when` hold: wait `delay_s`, then say `template`.

    It is said on the first of `channels` that works.

    Raises:
        ValueError: a number is out of bounds.
    """

    name: str
    event: str
    """The event's class name in the catalogue, such as LeadReactivated."""
    template: str
    message_class: MessageClass
    priority: int = 50
    when: tuple[Condition, ...] = ()
    delay_s: int = 0
    channels: tuple[Channel, ...] = (Channel.SMS, Channel.EMAIL)
    overtaken_by: tuple[str, ...] = ()
    """Events of the same party that make a message pointless while it still waits."""
    enabled: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.priority <= MAX_PRIORITY:
            raise ValueError(f"journey {self.name!r}: priority is 0 to {MAX_PRIORITY}")
        if not 0 <= self.delay_s <= MAX_DELAY_S:
            raise ValueError(f"journey {self.name!r}: delay_s is 0 to {MAX_DELAY_S}")


@dataclass(frozen=True, slots=True)
class JourneyChange:
    """What a dealer changes about the shipped journey of this name; what is left out stays as shipped.

    A name that is not shipped makes a journey of the dealer's own, which needs event, template and class.
    """

    name: str
    event: str | None = None
    template: str | None = None
    message_class: MessageClass | None = None
    priority: int | None = None
    when: tuple[Condition, ...] | None = None
    delay_s: int | None = None
    channels: tuple[Channel, ...] | None = None
    overtaken_by: tuple[str, ...] | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event as journeys see it: what happened, to whom, with its data as JSON values."""

    event_id: UUID
    event: str
    dealer_id: UUID
    party_id: UUID
    occurred_at: datetime
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Planned:
    """A journey that an occurrence set off."""

    occurrence: Occurrence
    journey: Journey

    def due_at(self, now: datetime) -> datetime:
        """When it is to be said: the delay counts from the event, and nothing is due before it is known."""
        return max(self.occurrence.occurred_at + timedelta(seconds=self.journey.delay_s), now)


def set_off(occurrence: Occurrence, journeys: Iterable[Journey]) -> tuple[Planned, ...]:
    """What the occurrence starts, in the journeys' order."""
    return tuple(
        Planned(occurrence, journey)
        for journey in journeys
        if journey.enabled
        and journey.event == occurrence.event
        and all(condition.holds(occurrence.data) for condition in journey.when)
    )


@dataclass(frozen=True, slots=True)
class Undoing:
    """`event` is undone by `undone_by` of the same party where both have the same `field`: nothing is left to say."""

    event: str
    undone_by: str
    field: str


UNDOINGS = (
    Undoing("LeadWon", "LeadWonCancelled", "sale"),
    Undoing("LeadReactivated", "LeadReactivationEnded", "reactivation_id"),
    Undoing("MaintenanceDue", "VehicleReturned", "vehicle_id"),
    Undoing("MaintenanceDue", "VehicleDisposed", "vehicle_id"),
    Undoing("TradeInCandidateFound", "VehicleReturned", "vehicle_id"),
    Undoing("TradeInCandidateFound", "VehicleDisposed", "vehicle_id"),
    Undoing("PointsEarned", "PointsReversed", "award_id"),
    Undoing("ReferralPaid", "ReferralClawedBack", "referral_id"),
)
"""No rule of a dealer's: what did not happen in the end is not told, by whichever journey."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What a journey would say to the party of the fact that has this value is pointless, if it happened before."""

    dealer_id: UUID
    party_id: UUID
    journey: str
    field: str
    value: str
    undone_at: datetime


def undone(occurrence: Occurrence, journeys: Iterable[Journey]) -> tuple[Undone, ...]:
    """What the occurrence undoes."""
    found = [undoing for undoing in UNDOINGS if undoing.undone_by == occurrence.event]
    return tuple(
        Undone(
            occurrence.dealer_id,
            occurrence.party_id,
            journey.name,
            undoing.field,
            str(occurrence.data[undoing.field]),
            occurrence.occurred_at,
        )
        for undoing in found
        for journey in journeys
        if journey.event == undoing.event and undoing.field in occurrence.data
    )


def overtaken(occurrence: Occurrence, journeys: Iterable[Journey]) -> tuple[str, ...]:
    """The names of the journeys whose waiting messages to this party the occurrence makes pointless."""
    return tuple(journey.name for journey in journeys if occurrence.event in journey.overtaken_by)
