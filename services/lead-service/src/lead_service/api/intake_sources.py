"""Webhook sources are set up and looked after by managers."""

import json
import secrets
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Response
from fastapi.exceptions import RequestValidationError

from lead_service.api.callers import IntakeManager, IntakeSeal
from lead_service.api.mapped_inquiries import readings_of
from lead_service.api.payloads import FORM, MEDIA_TYPES
from lead_service.api.schemas.intake_sources import (
    IntakeSourceOut,
    NewSecretIn,
    NewSourceIn,
    NewSourceOut,
    ReadyMappingOut,
    SamplePayloadIn,
    SourceTermsIn,
)
from lead_service.api.schemas.webhooks import PayloadPreviewOut, PreviewedOut, RejectionOut, RetriedOut, RetryOut
from lead_service.commands.keep_intake_sources import add_source, change_source, remove_source, renew_secret
from lead_service.commands.retry_rejections import RetryRejection, retry_rejections
from lead_service.db import deliveries as db_deliveries
from lead_service.db import intake_sources as db_sources
from lead_service.domain.intake import Signing
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.webhook_signatures import require_usable, written
from lead_service.mappings import ready_mappings

router = Router(prefix="/v1/intake-sources", tags=["intake sources"])
mappings_router = Router(prefix="/v1/intake-mappings", tags=["intake sources"])

RETRIED_AT_ONCE = 100
"""Rejected payloads that one request tries again."""

_KEY_BYTES = 32


@router.post("", status_code=HTTPStatus.CREATED)
async def add_intake_source(
    body: NewSourceIn, caller: IntakeManager, session: Transaction, seal: IntakeSeal, response: Response
) -> NewSourceOut:
    """Set a partner up that sends leads by webhook.

    The answer is the only place its secret is ever seen; it is not kept under an `Idempotency-Key` either.
    """
    terms = body.terms()
    secret = body.secret or _made(terms.signing)
    source = await add_source(
        session, caller.dealer_id, terms, lambda id_: seal.close(secret, of=id_), by=caller.subject, now=utc_now()
    )
    response.headers["Cache-Control"] = "no-store"
    set_etag(response, source.version)
    return NewSourceOut.with_secret(source, secret)


@router.get("")
async def list_intake_sources(
    caller: IntakeManager, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[IntakeSourceOut]:
    """The dealer's webhook sources, newest first, without their secrets."""
    sources = await db_sources.page(session, caller.dealer_id, before=paging.after_one(UUID), limit=paging.limit + 1)
    return paging.page(sources, cursor=lambda source: [source.id]).showing(IntakeSourceOut.of)


@router.get("/{intake_source_id}")
async def show_intake_source(
    intake_source_id: UUID, caller: IntakeManager, session: Transaction, response: Response
) -> IntakeSourceOut:
    """A webhook source with its mapping."""
    source = await db_sources.find(session, caller.dealer_id, intake_source_id)
    set_etag(response, source.version)
    return IntakeSourceOut.of(source)


@router.put("/{intake_source_id}")
async def change_intake_source(
    intake_source_id: UUID,
    body: SourceTermsIn,
    caller: IntakeManager,
    session: Transaction,
    if_match: IfMatch,
    response: Response,
) -> IntakeSourceOut:
    """Change a source's name, channel, store or mapping, or switch it off. Its way of signing stays."""
    source = await change_source(
        session, caller.dealer_id, intake_source_id, body.terms(), seen=if_match, by=caller.subject, now=utc_now()
    )
    set_etag(response, source.version)
    return IntakeSourceOut.of(source)


@router.delete("/{intake_source_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_intake_source(
    intake_source_id: UUID, caller: IntakeManager, session: Transaction, if_match: IfMatch
) -> None:
    """Take a source down. Its leads stay; payloads that could not be read go with it."""
    await remove_source(session, caller.dealer_id, intake_source_id, seen=if_match)


@router.post("/{intake_source_id}/secrets", status_code=HTTPStatus.CREATED)
async def renew_intake_secret(
    intake_source_id: UUID,
    body: NewSecretIn,
    caller: IntakeManager,
    session: Transaction,
    seal: IntakeSeal,
    response: Response,
) -> NewSourceOut:
    """Give a source a new secret, shown here only.

    The one before stays valid for the policy's `intake.secret_overlap_hours` (72), so that the partner can change over.
    """
    source = await db_sources.find(session, caller.dealer_id, intake_source_id)
    secret = _usable(body.secret, source.signing) or _made(source.signing)
    source = await renew_secret(
        session, caller.dealer_id, intake_source_id, lambda id_: seal.close(secret, of=id_), now=utc_now()
    )
    response.headers["Cache-Control"] = "no-store"
    set_etag(response, source.version)
    return NewSourceOut.with_secret(source, secret)


@router.post("/{intake_source_id}/preview")
async def preview_payload(
    intake_source_id: UUID, body: SamplePayloadIn, caller: IntakeManager, session: Transaction
) -> PayloadPreviewOut:
    """The leads that a payload would become by the source's mapping, and what of it was not understood.

    A form is given as its text. Nothing is written.
    """
    source = await db_sources.find(session, caller.dealer_id, intake_source_id)
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    said = body.payload
    payload, media_type = (said, FORM) if isinstance(said, str) else (json.dumps(said), MEDIA_TYPES[0])
    readings = readings_of(payload.encode(), media_type, source, policy)
    return PayloadPreviewOut(leads=[PreviewedOut.of(reading) for reading in readings])


@router.get("/{intake_source_id}/rejections")
async def list_rejections(
    intake_source_id: UUID, caller: IntakeManager, session: Transaction, paging: Annotated[Paging, Depends(Paging)]
) -> Page[RejectionOut]:
    """Payloads of which leads could not be read, newest first, as they came. They are kept for some days only."""
    source = await db_sources.find(session, caller.dealer_id, intake_source_id)
    found = await db_deliveries.rejections(
        session, source.dealer_id, source.id, before=paging.after_one(UUID), limit=paging.limit + 1
    )
    return paging.page(found, cursor=lambda rejection: [rejection.id]).showing(RejectionOut.of)


@router.post("/{intake_source_id}/rejections/retry")
async def retry_rejected(intake_source_id: UUID, caller: IntakeManager, session: Transaction) -> RetryOut:
    """Read rejected payloads again, by the mapping as it is now: up to 100, those tried least first.

    What can be read becomes leads; a payload of which nothing is wanting any more is forgotten.
    """
    source = await db_sources.find(session, caller.dealer_id, intake_source_id)
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    held = await db_deliveries.lock_rejections(session, source.dealer_id, source.id, limit=RETRIED_AT_ONCE)
    read = [readings_of(one.body, one.content_type, source, policy, only=one.indexes) for one in held]
    commands = [RetryRejection(one, [r.item for r in readings]) for one, readings in zip(held, read, strict=True)]
    retried = await retry_rejections(session, source, commands, now=utc_now())
    return RetryOut(retried=[RetriedOut.of(one, readings) for one, readings in zip(retried, read, strict=True)])


@mappings_router.get("")
async def list_ready_mappings(
    caller: IntakeManager, paging: Annotated[Paging, Depends(Paging)]
) -> Page[ReadyMappingOut]:
    """Mappings of senders that many dealers have, each with a payload that it reads."""
    after = paging.after_one(str) or ""
    found = [ready for name, ready in ready_mappings().items() if name > after]
    return paging.page(found, cursor=lambda ready: [ready.name]).showing(ReadyMappingOut.of)


def _made(signing: Signing) -> str:
    return written(secrets.token_bytes(_KEY_BYTES), signing)


def _usable(secret: str | None, signing: Signing) -> str | None:
    """The partner's own secret, which must suit the way it signs."""
    if secret is not None:
        try:
            require_usable(secret, signing)
        except ValueError as error:
            wrong = {"type": "value_error", "loc": ("body", "secret"), "msg": str(error)}
            raise RequestValidationError([wrong]) from error
    return secret
