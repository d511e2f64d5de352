"""Bodies and answers of working a lead."""

from typing import Annotated
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.fields import Km
from pydantic import ConfigDict, Field

from lead_service.api.schemas.fields import Cents, Instant, Note, Reference, Term, Vin
from lead_service.api.schemas.leads import FollowUpOut, LeadOut
from lead_service.domain.follow_up import ContactChannel, ContactOutcome
from lead_service.domain.sale import CancelReason, Finance, Powertrain, Sale, TradeIn
from lead_service.domain.stage import Stage


class FollowUpIn(Body):
    """A contact that was just made."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"channel": "phone", "outcome": "reached", "note": "周六来看车"}]}
    )

    channel: ContactChannel
    outcome: ContactOutcome
    note: Note | None = None
    """What was said, and the reason where the next contact is moved."""
    next_contact_at: Instant | None = None
    """When to be in touch again, if not by the grade's clock."""
    script_id: UUID | None = None
    """The script of the library that was used, so that nobody is sent a comparison report too often."""


class FollowedUpOut(Reply):
    """The contact as it was recorded, and the lead after it."""

    contact: FollowUpOut
    lead: LeadOut


class StageIn(Body):
    """Where the lead is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"stage": "test_driven"}]})

    stage: Stage


class TradeInIn(Body):
    """The buyer's old car, taken in part payment (置换)."""

    make: Term
    model: Term
    vin: Vin | None = None
    allowance_cents: Cents


class FinanceIn(Body):
    """The credit that pays for a part of the price (金融)."""

    lender: Term
    amount_cents: Cents
    months: Annotated[int, Field(ge=1, le=240)]


class WinIn(Body):
    """The car that the person bought."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "vin": "LC0CE4CB0P0123459",
                    "make": "BYD",
                    "model": "Seal",
                    "trim": "Long Range",
                    "price_cents": 18_980_000,
                    "sold_at": "2026-01-08T14:30:00+08:00",
                    "powertrain": "electric",
                    "trade_in": {"make": "大众", "model": "朗逸", "allowance_cents": 4_200_000},
                    "finance": {"lender": "招商银行", "amount_cents": 12_000_000, "months": 36},
                }
            ]
        }
    )

    vin: Vin
    make: Term
    model: Term
    trim: Term | None = None
    price_cents: Cents
    sold_at: Instant
    powertrain: Powertrain = Powertrain.PETROL
    odometer_km: Km = 0
    """At hand-over."""
    trade_in: TradeInIn | None = None
    finance: FinanceIn | None = None
    referral_code: Reference | None = None
    """A member's code (老带新) that the buyer names only now. The code that the lead came with stands."""

    def sale(self) -> Sale:
        """The same as a value of the domain."""
        return Sale(
            vin=self.vin,
            make=self.make,
            model=self.model,
            trim=self.trim,
            powertrain=self.powertrain,
            price_cents=self.price_cents,
            odometer_km=self.odometer_km,
            sold_at=self.sold_at,
            trade_in=TradeIn(**self.trade_in.model_dump()) if self.trade_in else None,
            finance=Finance(**self.finance.model_dump()) if self.finance else None,
        )


class CancelWinIn(Body):
    """Why the sale is undone."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "finance_refused", "note": "贷款未批，客户再考虑"}]}
    )

    reason: CancelReason
    note: Note | None = None


class WonOut(LeadOut):
    """The lead after the sale, and what seems odd about it."""

    warnings: list[str]
