"""Bodies and answers of intake."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.problems import Problem
from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from lead_service.adf import Dropped
from lead_service.api.schemas.fields import (
    Cents,
    Email,
    GradeName,
    Locale,
    Note,
    PhoneNumber,
    Reference,
    Term,
    TimeZone,
)
from lead_service.domain.capture import Capture, Outcome
from lead_service.domain.consent import MessageChannel, Purpose
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

LEAD_EXAMPLE: JsonDict = {
    "source": {"channel": "dongchedi", "source_id": "DCD-20260105-001", "campaign": "spring-sale"},
    "contact": {"name": "李娜", "phone": "138 0013 8000"},
    "interest": {"make": "BYD", "model": "Seal", "trim": "Long Range", "budget_cents": 20_000_000},
    "store_id": "0199d3a0-0000-7000-8000-0000000000a1",
    "grade": "a",
}


class SourceIn(Body):
    """Where the lead comes from."""

    channel: Channel
    source_id: Reference | None = None
    """The sender's id of the lead. The same one again changes nothing."""
    campaign: Reference | None = None


class ConsentIn(Body):
    """What the person agreed to, or refused."""

    purpose: Purpose
    channel: MessageChannel
    granted: bool
    wording_version: Reference | None = None


class ContactIn(Body):
    """How to reach the person: by a phone number, an e-mail address or a WeCom id at least."""

    name: Term
    phone: PhoneNumber | None = None
    phone_is_relay: bool | None = None
    """Whether the number is a relay (隐私号), which identifies nobody. Unsaid, the number tells."""
    email: Email | None = None
    wecom_id: Reference | None = None
    locale: Locale = "zh-CN"
    time_zone: TimeZone = "Asia/Shanghai"
    consents: list[ConsentIn] | None = Field(default=None, max_length=20)
    """What the person said. Left out, the channel's registered wording speaks for them."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.phone or self.email or self.wecom_id):
            raise ValueError("a phone number, an e-mail address or a WeCom id is needed")
        return self


class InterestIn(Body):
    """The car that is asked for."""

    make: Term
    model: Term
    trim: Term | None = None
    budget_cents: Cents | None = None


class LeadIn(Body):
    """A lead as its sender knows it."""

    model_config = ConfigDict(json_schema_extra={"examples": [LEAD_EXAMPLE]})

    source: SourceIn
    contact: ContactIn
    interest: InterestIn
    store_id: UUID
    referral_code: Reference | None = None
    """A member's code (老带新)."""
    grade: GradeName | None = None
    decision_style: DecisionStyle | None = None
    note: Note | None = None


class CaptureOut(Reply):
    """What became of a lead that was sent, and where the lead it belongs to stands."""

    lead_id: UUID
    outcome: Outcome
    """`created`: a new lead. `touched`: the person's open lead was added to. `repeated`: it was sent before."""
    store_id: UUID
    advisor_id: UUID | None
    stage: Stage
    grade: Grade
    touches: int
    next_contact_at: datetime | None

    @classmethod
    def of(cls, capture: Capture) -> Self:
        """The answer for one inquiry."""
        lead = capture.lead
        return cls(
            lead_id=lead.id,
            outcome=capture.outcome,
            store_id=lead.store_id,
            advisor_id=lead.advisor_id,
            stage=lead.stage,
            grade=lead.grade,
            touches=lead.touches,
            next_contact_at=lead.next_contact_at,
        )


class BatchResult(Reply):
    """One item's answer: what it came to, or its problem."""

    index: int
    status: int
    """The HTTP status that the item would have had alone."""
    lead_id: UUID | None = None
    outcome: Outcome | None = None
    problem: Problem | None = None


class BatchOut(Reply):
    """The answers in the order of the items."""

    results: list[BatchResult]


class DroppedOut(Reply):
    """A part of an ADF document that could not be used."""

    path: str
    value: str
    why: str

    @classmethod
    def all_of(cls, dropped: Iterable[Dropped]) -> list[Self]:
        """The same, for the wire."""
        return [cls(path=part.path, value=part.value, why=part.why) for part in dropped]


class ProspectOut(Reply):
    """One prospect's answer: what it came to, or its problem; and what of it was dropped."""

    lead_id: UUID | None = None
    outcome: Outcome | None = None
    problem: Problem | None = None
    dropped: list[DroppedOut]


class AdfOut(Reply):
    """The answers in the order of the prospects, and what was dropped outside of them."""

    prospects: list[ProspectOut]
    dropped: list[DroppedOut]
