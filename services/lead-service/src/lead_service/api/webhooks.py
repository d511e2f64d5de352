"""Leads come in by webhook. The signature says who sends them: there is no token."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from baoke_chassis.clock import utc_now
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.api.callers import IntakeSeal
from lead_service.api.mapped_inquiries import readings_of
from lead_service.api.payloads import MEDIA_TYPES, document_of
from lead_service.api.schemas.webhooks import WebhookOut
from lead_service.commands.receive_delivery import ReceiveDelivery, receive_delivery
from lead_service.db import deliveries as db_deliveries
from lead_service.db import intake_sources as db_sources
from lead_service.domain.errors import IntakeSourceOff, PayloadUnreadable, SignatureRefused
from lead_service.domain.intake import IntakeSource, Signing
from lead_service.domain.mapping import FieldMapping
from lead_service.domain.places import find, steps_of
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.webhook_signatures import require_recent, verify_hex, verify_standard
from lead_service.inquiry_fields import moment_of
from lead_service.mappings import ready_mappings
from lead_service.sealing import Seal, SealBroken

log = logging.getLogger(__name__)
router = Router(prefix="/v1/intake/webhooks", tags=["intake"])

_REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            MEDIA_TYPES[0]: {"schema": {"type": "object"}, "example": ready_mappings()["tmall"].sample},
            MEDIA_TYPES[1]: {"schema": {"type": "string"}, "example": ready_mappings()["website"].sample},
        },
    }
}


@router.post("/{intake_source_id}", openapi_extra=_REQUEST_BODY)
async def receive_webhook(
    intake_source_id: UUID, request: Request, session: Transaction, seal: IntakeSeal
) -> WebhookOut:
    """Take the leads of a partner's call, as the source's mapping reads them.

    Signed by Standard Webhooks 1.0 (`webhook-id`, `webhook-timestamp`, `webhook-signature: v1,…`), or with
    `X-Signature`, the hexadecimal HMAC-SHA256 of the body, as the source was set up. A call that comes again (the same
    id, or the same body where there is none) does nothing and is answered with what it came to. What could not be read
    is kept for the dealer to mend the mapping: do not send it again. Where too much is kept already, nothing is taken
    and the answer is 503: send it again after `Retry-After`.
    """
    now, body = utc_now(), await request.body()
    source, delivery_id, policy = await _authentic(session, intake_source_id, request, body, seal, now)
    since = now - timedelta(hours=policy.intake.deliveries_kept_hours)
    key = (source.dealer_id, source.id, delivery_id)
    if (before := await db_deliveries.claim(session, key, since=since, now=now)) is not None:
        return WebhookOut.again(before)
    content_type = request.headers.get("content-type", MEDIA_TYPES[0])[:200]
    readings = readings_of(body, content_type, source, policy)
    command = ReceiveDelivery(source, delivery_id, content_type, body, [reading.item for reading in readings])
    return WebhookOut.of(await receive_delivery(session, command, policy.intake, now=now), readings)


async def _authentic(
    session: AsyncSession, source_id: UUID, request: Request, body: bytes, seal: Seal, now: datetime
) -> tuple[IntakeSource, str, LeadPolicy]:
    """The source that signed, and the call's id. One that is not known is refused like one that did not sign.

    Raises:
        SignatureRefused: the signature does not fit, or the call is not of now.
        IntakeSourceOff: the source is switched off.
    """
    if (source := await db_sources.called(session, source_id)) is None:
        raise SignatureRefused
    policy = await rules_of(session, source.dealer_id, LeadPolicy)
    secrets = _opened(source, seal, now)
    tolerance = policy.intake.tolerance
    if source.signing is Signing.STANDARD_WEBHOOKS:
        delivery_id = verify_standard(request.headers, body, secrets, now=now, tolerance=tolerance)
    else:
        delivery_id = verify_hex(request.headers, body, secrets)
        _require_recent(source.mapping, body, request.headers.get("content-type"), policy, now)
    if not source.is_enabled:
        raise IntakeSourceOff(source.name)
    return source, delivery_id, policy


def _opened(source: IntakeSource, seal: Seal, now: datetime) -> list[str]:
    """The secrets that are valid. One that was sealed under a key that is gone serves nobody any more."""
    opened = []
    for secret in source.secrets_at(now):
        try:
            opened.append(seal.open(secret.sealed, of=source.id))
        except SealBroken as error:
            log.warning("intake source %s: %s", source.id, error)
    return opened


def _require_recent(
    mapping: FieldMapping, body: bytes, content_type: str | None, policy: LeadPolicy, now: datetime
) -> None:
    """Hold the time that the payload says it was sent at against the clock, where the mapping names its place."""
    if mapping.sent_time is None:
        return
    try:
        said = find(document_of(body, content_type), steps_of(mapping.sent_time))
        sent_at = moment_of(str(said), mapping.time_formats, ZoneInfo(policy.time_zone))
    except (PayloadUnreadable, ValueError) as error:
        raise SignatureRefused from error
    require_recent(sent_at, now=now, tolerance=policy.intake.tolerance)
