"""Answers to webhooks, and how their payloads are read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from baoke_chassis.bodies import Reply
from baoke_chassis.problems import Problem

from lead_service.api.mapped_inquiries import Reading
from lead_service.api.schemas.leads import ContactOut, InterestOut, SourceOut
from lead_service.commands.receive_delivery import Received
from lead_service.commands.retry_rejections import Retried
from lead_service.db.deliveries import Results
from lead_service.domain.capture import Capture, Inquiry
from lead_service.domain.intake import Rejection, Wanting
from lead_service.domain.mapping import Misread


class DeliveryOutcome(StrEnum):
    """What became of one lead of a payload."""

    CREATED = "created"
    TOUCHED = "touched"
    REPEATED = "repeated"
    REJECTED = "rejected"


class MisreadOut(Reply):
    """A part of the payload that could not be used."""

    path: str
    value: str
    why: str

    @classmethod
    def all_of(cls, misread: Iterable[Misread]) -> list[Self]:
        """The same, for the wire."""
        return [cls.model_validate(one) for one in misread]


class DeliveredOut(Reply):
    """One lead of the payload: the lead it belongs to, or its problem."""

    index: int
    outcome: DeliveryOutcome
    lead_id: UUID | None = None
    problem: Problem | None = None
    """Of one that was rejected. A call that came again names its type only."""
    dropped: list[MisreadOut]

    @classmethod
    def of(cls, index: int, answer: Capture | Wanting, misread: Sequence[Misread] = ()) -> Self:
        """The answer for the lead at that place."""
        dropped = MisreadOut.all_of(misread)
        if isinstance(answer, Wanting):
            problem = Problem.model_validate(answer.problem)
            return cls(index=index, outcome=DeliveryOutcome.REJECTED, problem=problem, dropped=dropped)
        outcome = DeliveryOutcome(answer.outcome)
        return cls(index=index, outcome=outcome, lead_id=answer.lead.id, dropped=dropped)


class WebhookOut(Reply):
    """What the leads of a call came to, in the payload's order."""

    results: list[DeliveredOut]
    rejection_id: UUID | None
    """Under which the payload is kept for what was rejected; null where nothing was."""
    is_repeat: bool
    """Whether the call had come before; then nothing was done."""

    @classmethod
    def of(cls, received: Received, readings: Sequence[Reading]) -> Self:
        """The answer to a call that is new."""
        return cls(
            results=_delivered(received.answers, readings),
            rejection_id=received.rejection.id if received.rejection else None,
            is_repeat=False,
        )

    @classmethod
    def again(cls, results: Results) -> Self:
        """The answer to a call that had come before."""
        return cls(
            results=[
                DeliveredOut(index=at, outcome=result["outcome"], lead_id=result["lead_id"], dropped=[])
                for at, result in enumerate(results)
            ],
            rejection_id=None,
            is_repeat=True,
        )


def _delivered(answers: Sequence[Capture | Wanting], readings: Sequence[Reading]) -> list[DeliveredOut]:
    pairs = zip(answers, readings, strict=True)
    return [DeliveredOut.of(reading.at, answer, reading.misread) for answer, reading in pairs]


class PreviewedOut(Reply):
    """One lead that a payload would become, or why it would not."""

    index: int
    store_id: UUID | None = None
    source: SourceOut | None = None
    contact: ContactOut | None = None
    interest: InterestOut | None = None
    grade: str | None = None
    note: str | None = None
    referral_code: str | None = None
    requested_at: datetime | None = None
    problem: Problem | None = None
    dropped: list[MisreadOut]
    unused: list[str]
    """Places of the payload (RFC 6901) that hold something and that the mapping looks at nowhere."""

    @classmethod
    def of(cls, reading: Reading) -> Self:
        """What one lead would become."""
        said: dict[str, Any] = {"index": reading.at, "dropped": MisreadOut.all_of(reading.misread)}
        said["unused"] = list(reading.unused)
        if isinstance(reading.item, Wanting):
            return cls(**said, problem=Problem.model_validate(reading.item.problem))
        return cls(**said, **_shown(reading.item))


def _shown(inquiry: Inquiry) -> dict[str, Any]:
    return {
        "store_id": inquiry.store_id,
        "source": SourceOut.model_validate(inquiry.source),
        "contact": ContactOut.of(inquiry.contact, sees_phones=True),
        "interest": InterestOut.model_validate(inquiry.interest),
        "grade": inquiry.grade,
        "note": inquiry.note,
        "referral_code": inquiry.referral_code,
        "requested_at": inquiry.requested_at,
    }


class PayloadPreviewOut(Reply):
    """The leads that a payload would become. Nothing was written."""

    leads: list[PreviewedOut]


class WantingOut(Reply):
    """A lead of a rejected payload that is still wanting; without a place it is the whole payload."""

    index: int | None
    problem: Problem


class RejectionOut(Reply):
    """A payload of which leads could not be taken, as it came."""

    rejection_id: UUID
    mapping_version: int
    """The version of the mapping that it was read by last."""
    content_type: str
    payload: str
    items: list[WantingOut]
    attempts: int
    received_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, rejection: Rejection) -> Self:
        """The same, for the wire."""
        return cls(
            rejection_id=rejection.id,
            mapping_version=rejection.mapping_version,
            content_type=rejection.content_type,
            payload=rejection.body.decode(errors="replace"),
            items=[WantingOut.model_validate(item) for item in rejection.items],
            attempts=rejection.attempts,
            received_at=rejection.received_at,
            expires_at=rejection.expires_at,
        )


class RetriedOut(Reply):
    """What a rejected payload came to."""

    rejection_id: UUID
    results: list[DeliveredOut]
    is_settled: bool
    """Whether nothing of it is wanting any more; then the payload is forgotten."""

    @classmethod
    def of(cls, retried: Retried, readings: Sequence[Reading]) -> Self:
        """The answer for one payload, of which that was read."""
        return cls(
            rejection_id=retried.rejection.id,
            results=_delivered(retried.answers, readings),
            is_settled=not retried.rejection.items,
        )


class RetryOut(Reply):
    """What the payloads came to that were tried again."""

    retried: list[RetriedOut]
