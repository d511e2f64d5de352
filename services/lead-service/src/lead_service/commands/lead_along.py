"""How a test drive takes its lead along: the part that booking, holding and calling one off share."""

from dataclasses import replace
from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep
from lead_service.db import test_drives as db_drives
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage, ahead
from lead_service.domain.test_drive import STAGE_AFTER, TestDrive


async def led_along(session: AsyncSession, lead: Lead, drive: TestDrive, *, at: datetime) -> list[Event]:
    """The open lead is as far as its test drive took it. Answers what to publish.

    A lead whose only appointment fell through is back at `contacted`.
    """
    after = replace(lead, stage=await _stage(session, lead, drive))
    if after.stage is lead.stage or lead.stage.is_closed:
        return []
    await keep(session, [after], await policy_of(session, {lead.dealer_id}, LeadPolicy))
    return [facts.stage_changed(lead, after, at=at)]


async def _stage(session: AsyncSession, lead: Lead, drive: TestDrive) -> Stage:
    if drive.state in STAGE_AFTER:
        return ahead(lead.stage, STAGE_AFTER[drive.state])
    if lead.stage is Stage.APPOINTED and not await db_drives.open_of_lead(session, lead.dealer_id, lead.id):
        return Stage.CONTACTED
    return lead.stage
