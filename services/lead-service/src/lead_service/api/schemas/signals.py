"""Bodies and answers of market signals and what they set off."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, model_validator
from sqlalchemy import RowMapping

from lead_service.api.schemas.fields import Cents, Note, Term
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.reactivation import Reactivation, ReactivationState, Strategy
from lead_service.domain.signal import SignalKind
from lead_service.domain.stage import Stage


class SignalIn(Body):
    """A change on the market that concerns one model, or one trim of it."""

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

    @model_validator(mode="after")
    def _falls(self) -> Self:
        prices = (self.price_from_cents, self.price_to_cents)
        if self.kind is SignalKind.PRICE_CUT and None not in prices and prices[0] <= prices[1]:  # type: ignore[operator]
            raise ValueError("a price cut goes down: price_to_cents must be below price_from_cents")
        return self


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


class ReactivationOutcome(StrEnum):
    """What became of a person who was approached, or held out."""

    RE_ENGAGED = "re_engaged"
    WON = "won"


class ReactivationOut(TouchedOut):
    """One signal's approach to one lost lead."""

    reactivation_id: UUID
    signal_id: UUID
    signal_kind: SignalKind
    reactivated_at: datetime
    outcome: ReactivationOutcome | None
    """`re_engaged` once the person came back with a new lead, `won` once that one is won."""
    successor_lead_id: UUID | None
    """The lead the person came back with."""

    @classmethod
    def of(cls, row: RowMapping) -> Self:
        """The answer for one row."""
        values: dict[str, Any] = {**row, "reactivation_id": row["id"], "outcome": _outcome(row["successor_stage"])}
        return cls.model_validate(values)


def _outcome(successor_stage: str | None) -> ReactivationOutcome | None:
    if successor_stage is None:
        return None
    return ReactivationOutcome.WON if successor_stage == Stage.WON else ReactivationOutcome.RE_ENGAGED
