"""Bodies and answers of working a lead."""

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.fields import Km
from pydantic import ConfigDict

from lead_service.api.schemas.fields import Cents, Instant, Note, Term, Vin
from lead_service.api.schemas.leads import FollowUpOut, LeadOut
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.follow_up import ContactChannel, ContactOutcome
from lead_service.domain.sale import Powertrain
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


class FollowedUpOut(Reply):
    """The contact as it was recorded, and the lead after it."""

    contact: FollowUpOut
    lead: LeadOut


class StageIn(Body):
    """Where the lead is now."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"stage": "test_driven"}]})

    stage: Stage


class DefeatIn(Body):
    """Why the lead is lost."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "price", "competitor": "Tesla Model 3", "note": "差一万二"}]}
    )

    reason: DefeatReason
    competitor: Term | None = None
    """To whom."""
    note: Note | None = None


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


class WonOut(LeadOut):
    """The lead after the sale, and what seems odd about it."""

    warnings: list[str]
