"""A partner's webhook call becomes leads, and what could not be read is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands.capture_leads import capture_leads
from lead_service.db import deliveries as db_deliveries
from lead_service.db.deliveries import DeliveryKey
from lead_service.domain.capture import Capture, Inquiry
from lead_service.domain.errors import RejectionsFull
from lead_service.domain.intake import IntakePolicy, IntakeSource, Rejection, Wanting

Item = Inquiry | Wanting
"""What a part of a payload was read as."""


@dataclass(frozen=True, slots=True)
class ReceiveDelivery:
    """Take the leads of one call. `items` are in the payload's order; `body` is the payload as it came."""

    source: IntakeSource
    delivery_id: str
    content_type: str
    body: bytes
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Received:
    """What the items came to, in their order, and under what the payload is kept for those that are wanting."""

    answers: Sequence[Capture | Wanting]
    rejection: Rejection | None


async def receive_delivery(
    session: AsyncSession, command: ReceiveDelivery, policy: IntakePolicy, *, now: datetime
) -> Received:
    """The leads that could be read are taken, and the payload is kept for those that could not.

    It was claimed by the caller, so that a call that is sent again does nothing.

    Raises:
        RejectionsFull: a payload would have to be kept, and the source has as many as the policy allows.
    """
    answers = await captured(session, command.items, now=now)
    wanting = [answer for answer in answers if isinstance(answer, Wanting)]
    rejection = _rejection(command, wanting, policy, now) if wanting else None
    if rejection and not await db_deliveries.reject(session, rejection, most=policy.max_rejections):
        raise RejectionsFull(policy.max_rejections)
    source = command.source
    key: DeliveryKey = (source.dealer_id, source.id, command.delivery_id)
    await db_deliveries.answer(session, key, [_result(answer) for answer in answers])
    return Received(answers, rejection)


async def captured(session: AsyncSession, items: Sequence[Item], *, now: datetime) -> list[Capture | Wanting]:
    """What each item came to: the lead it belongs to, or still wanting."""
    inquiries = [item for item in items if isinstance(item, Inquiry)]
    captures = iter(await capture_leads(session, inquiries, now=now) if inquiries else ())
    return [next(captures) if isinstance(item, Inquiry) else item for item in items]


def _rejection(command: ReceiveDelivery, wanting: Sequence[Wanting], policy: IntakePolicy, now: datetime) -> Rejection:
    return Rejection(
        dealer_id=command.source.dealer_id,
        id=uuid7(),
        source_id=command.source.id,
        mapping_version=command.source.mapping_version,
        content_type=command.content_type,
        body=command.body,
        items=wanting,
        attempts=0,
        received_at=now,
        expires_at=now + timedelta(days=policy.rejections_kept_days),
    )


def _result(answer: Capture | Wanting) -> dict[str, Any]:
    """What is remembered of an answer: nothing that tells of a person."""
    if isinstance(answer, Wanting):
        return {"outcome": "rejected", "lead_id": None, "problem": answer.problem["type"]}
    return {"outcome": answer.outcome, "lead_id": str(answer.lead.id), "problem": None}
