"""Webhook sources are set up, changed, given new secrets, and taken down."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_chassis.versions import require_version
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import intake_sources as db_sources
from lead_service.domain.intake import IntakeSource, SealedSecret, Signing, with_secret
from lead_service.domain.mapping import FieldMapping
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel

SealOf = Callable[[UUID], str]
"""Seals the new secret for the source of that id."""


@dataclass(frozen=True, slots=True)
class SourceTerms:
    """What a manager decides about a source."""

    name: str
    channel: Channel
    signing: Signing
    store_id: UUID | None
    is_enabled: bool
    mapping: FieldMapping


async def add_source(
    session: AsyncSession, dealer_id: UUID, terms: SourceTerms, seal: SealOf, *, by: str, now: datetime
) -> IntakeSource:
    """The partner can send leads from now on."""
    source_id = uuid7()
    source = IntakeSource(
        dealer_id=dealer_id,
        id=source_id,
        version=1,
        name=terms.name,
        channel=terms.channel,
        signing=terms.signing,
        store_id=terms.store_id,
        is_enabled=terms.is_enabled,
        mapping=terms.mapping,
        mapping_version=1,
        secrets=(SealedSecret(seal(source_id), now),),
        created_by=by,
        created_at=now,
        updated_at=now,
    )
    await db_sources.add(session, source)
    return source


async def change_source(
    session: AsyncSession,
    dealer_id: UUID,
    source_id: UUID,
    terms: SourceTerms,
    *,
    seen: int | None,
    by: str,
    now: datetime,
) -> IntakeSource:
    """The source goes by these terms. A mapping that differs is a version of its own; the former ones stay on record.

    Raises:
        IntakeSourceNotFound: the dealer has no such source.
        StaleVersion: it changed since the writer saw it.
        SigningFixed: a secret of one way of signing does not serve another.
    """
    before = await db_sources.find(session, dealer_id, source_id, lock=True)
    require_version(seen, before.version)
    remapped = terms.mapping != before.mapping
    after = replace(
        before.agreed(terms.signing),
        name=terms.name,
        channel=terms.channel,
        store_id=terms.store_id,
        is_enabled=terms.is_enabled,
        mapping=terms.mapping,
        mapping_version=before.mapping_version + remapped,
        version=before.version + 1,
        updated_at=now,
    )
    await db_sources.save(session, after)
    if remapped:
        await db_sources.add_mapping(session, after, by=by)
    return after


async def renew_secret(
    session: AsyncSession, dealer_id: UUID, source_id: UUID, seal: SealOf, *, now: datetime
) -> IntakeSource:
    """The source has a new secret; the one before stays valid for the policy's hours.

    Raises:
        IntakeSourceNotFound: the dealer has no such source.
    """
    before = await db_sources.find(session, dealer_id, source_id, lock=True)
    policy = await rules_of(session, dealer_id, LeadPolicy)
    after = with_secret(before, seal(source_id), policy.intake, at=now)
    await db_sources.save(session, after)
    return after


async def remove_source(session: AsyncSession, dealer_id: UUID, source_id: UUID, *, seen: int | None) -> None:
    """The partner can send nothing any more. Its leads stay; what was kept of its payloads does not.

    Raises:
        IntakeSourceNotFound: the dealer has no such source.
        StaleVersion: it changed since the writer saw it.
    """
    source = await db_sources.find(session, dealer_id, source_id, lock=True)
    require_version(seen, source.version)
    await db_sources.remove(session, source)
