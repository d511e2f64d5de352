"""Bodies and answers of market signals and what they set off."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict

from lead_service.api.schemas.fields import Cents, Note, Term
from lead_service.db.signals import KnownSignal
from lead_service.domain.activation import Group
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.opportunity import OpportunityOutcome
from lead_service.domain.reactivation import Reactivation, ReactivationState
from lead_service.domain.rules import Strategy
from lead_service.domain.signal import SignalKind, SignalState


class SignalIn(Body):
    """A change on the market that concerns one model, or one trim of it.

    A price cut says both prices, an offer until when it holds, a competitor's change whose it is.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "kind": "price_cut",
                    "make": "BYD",
                    "model": "Seal",
                    "price_from_cents": 20_180_000,
                    "price_to_cents": 18_980_000,
                }
            ]
        }
    )

    kind: SignalKind
    make: Term
    model: Term
    trim: Term | None = None
    """Leads that asked for another trim are not meant. Left out, all trims are."""
    price_from_cents: Cents | None = None
    price_to_cents: Cents | None = None
    competitor: Term | None = None
    valid_until: date | None = None
    """The last day that it holds, at the dealer's."""
    note: Note | None = None


class SignalOut(Reply):
    """The signal is on record and is being matched; `GET /v1/reactivations?signal_id=` shows whom it reached."""

    signal_id: UUID


class TouchedOut(Reply):
    """A lead that the signal would touch."""

    lead_id: UUID
    store_id: UUID
    state: ReactivationState
    """`held_out` leads are the measure of the others: nothing is said to them."""
    strategy: Strategy
    reason: DefeatReason
    priority: int
    factors: dict[str, int]
    attempt: int
    similarity: int
    """How similar the signal's car is to the one that was asked for; 100 is the same."""


class PreviewOut(Reply):
    """Whom the signal would touch if it came now. Nothing was written."""

    matched: int
    """How many leads in all, held out or not."""
    items: list[TouchedOut]
    next_cursor: str | None

    @classmethod
    def of(cls, matched: int, items: list[Reactivation], next_cursor: str | None) -> Self:
        """The answer of one page."""
        return cls(matched=matched, items=[TouchedOut.model_validate(item) for item in items], next_cursor=next_cursor)


class OutcomesOut(Reply):
    """Leads by what became of their people."""

    open: int
    re_engaged: int
    won: int
    declined: int
    expired: int
    withdrawn: int

    @classmethod
    def of(cls, group: Group) -> Self:
        """The group's leads, counted."""
        return cls(**{outcome.value: group.outcomes.get(outcome, 0) for outcome in OpportunityOutcome})


class MarketSignalOut(Reply):
    """A signal, and how far it has been matched."""

    signal_id: UUID
    kind: SignalKind
    """`care` is what the clock started: the day's greetings, of no model."""
    make: str
    model: str
    trim: str | None
    price_from_cents: int | None
    price_to_cents: int | None
    competitor: str | None
    valid_until: date | None
    note: str | None
    received_at: datetime
    state: SignalState
    """Leads are approached with it while it is `matching`."""
    matched_at: datetime | None
    """When there was no further lead to look at."""
    withdrawn_at: datetime | None
    activated: int
    """Leads approached so far."""
    held_out: int
    """Leads that it would have been, kept as the measure of the others."""

    @classmethod
    def of(cls, known: KnownSignal, *, today: date) -> Self:
        """The signal as it stands on this day of the dealer's."""
        return cls.model_validate(
            {
                **{name: getattr(known.signal, name) for name in _SAID},
                "signal_id": known.signal.id,
                "state": known.state(today=today),
                "matched_at": known.matched_at,
                "withdrawn_at": known.withdrawn_at,
                "activated": known.activated,
                "held_out": known.held_out,
            }
        )


_SAID = (
    "kind",
    "make",
    "model",
    "trim",
    "price_from_cents",
    "price_to_cents",
    "competitor",
    "valid_until",
    "note",
    "received_at",
)


class MarketSignalDetailOut(MarketSignalOut):
    """A signal, and what became of those it was for."""

    activated_outcomes: OutcomesOut
    held_out_outcomes: OutcomesOut
