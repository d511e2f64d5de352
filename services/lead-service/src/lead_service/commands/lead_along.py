"""How test drives take their leads along: the part that booking, holding and calling one off share."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep
from lead_service.db import follow_ups as db_follow_ups
from lead_service.db import test_drives as db_drives
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.response import answer
from lead_service.domain.stage import Stage
from lead_service.domain.test_drive import TestDrive, stage_after


async def led_along(
    session: AsyncSession, leads: Mapping[UUID, Lead], drives: Sequence[TestDrive], *, at: datetime
) -> list[Event]:
    """The leads, by id, are as far as these drives of theirs took them, and new ones answered. Answers what to publish.

    A lead whose only appointment fell through is back where the booking found it, though not at `new` if its person
    was talked to since; a closed one stays.
    """
    others = await db_drives.open_of_leads(session, list(leads.values()))
    after = dict(leads)
    for drive in drives:
        lead = after[drive.lead_id]
        after[lead.id] = replace(lead, stage=stage_after(lead.stage, drive, has_other=lead.id in others))
    unheard = [lead for lead in after.values() if lead.stage is Stage.NEW]
    for lead_id in await db_follow_ups.reached(session, unheard):
        after[lead_id] = replace(after[lead_id], stage=Stage.CONTACTED)
    policies = await policy_of(session, {lead.dealer_id for lead in leads.values()}, LeadPolicy)
    moved = [
        replace(answer(leads[lead.id], policies[lead.dealer_id].working, at=at), stage=lead.stage)
        for lead in after.values()
        if lead.stage is not leads[lead.id].stage
    ]
    await keep(session, moved, policies, at=at)
    return [facts.stage_changed(leads[lead.id], lead, at=at) for lead in moved]
