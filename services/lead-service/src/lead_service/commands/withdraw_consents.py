"""Taking back what a lead's person agreed to be told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.db import leads as db_leads
from lead_service.domain.consent import Consent, MessageChannel, Purpose, told
from lead_service.domain.lead import Lead


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """End a purpose's messages to a party on a channel. `causation_id` is the event that said so."""

    dealer_id: UUID
    party_id: UUID
    purpose: Purpose
    channel: MessageChannel
    causation_id: UUID


async def withdraw_consents(session: AsyncSession, commands: Sequence[WithdrawConsent], *, now: datetime) -> None:
    """The consents are withdrawn and each lead that changed says so. Parties that are no leads are passed over."""
    leads = await db_leads.lock_all(session, {(command.dealer_id, command.party_id) for command in commands})
    withdrawn = [(lead, *_withdrawn(lead, commands, now)) for lead in leads]
    changed = [(after, cause) for before, after, cause in withdrawn if after != before]
    await db_leads.save(session, [lead for lead, _ in changed], at=now)
    await publish(session, [facts.contact_changed(lead, at=now, causation_id=cause) for lead, cause in changed])


def _withdrawn(lead: Lead, commands: Sequence[WithdrawConsent], now: datetime) -> tuple[Lead, UUID]:
    """The lead after all that was said about it, and the last event that said it."""
    own = [command for command in commands if (command.dealer_id, command.party_id) == (lead.dealer_id, lead.id)]
    refusals = [Consent(c.purpose, c.channel, granted=False, wording_version=None, at=now) for c in own]
    return replace(lead, consents=told(lead.consents, refusals)), own[-1].causation_id
