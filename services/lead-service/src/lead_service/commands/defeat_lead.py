"""Giving a lead up (战败), at once or once a manager agrees."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.hold_test_drive import call_off_test_drives
from lead_service.db import defeat_requests as db_requests
from lead_service.db import endings as db_endings
from lead_service.db import follow_ups as db_follow_ups
from lead_service.db import leads as db_leads
from lead_service.domain.defeat import Defeat, DefeatReason, DefeatRequest, require_grounds
from lead_service.domain.errors import DefeatPending
from lead_service.domain.lead import Lead, close, require_open
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class DefeatLead:
    """Record that a lead is lost, why, and to which competitor. `stores` are those it may be in; None is all.

    `by` is who says so, `by_manager` whether they may decide on it themselves.
    """

    dealer_id: UUID
    lead_id: UUID
    reason: DefeatReason
    competitor: str | None = None
    note: str | None = None
    by: str = ""
    by_manager: bool = True
    stores: Collection[UUID] | None = None


async def defeat_lead(session: AsyncSession, command: DefeatLead, *, now: datetime) -> Defeat | DefeatRequest:
    """The lead is closed, and its defeat waits for a market signal that answers the reason.

    Where the policy wants a manager's word the lead stays open and the request for it is answered.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        DefeatNotFounded: the policy asks for a note, or for more tries to reach the person.
        DefeatPending: a manager has yet to decide on an earlier request.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    require_open(before)
    policy = await rules_of(session, before.dealer_id, LeadPolicy)
    require_grounds(policy.defeats, command.reason, command.note, tries=await _tries(session, command))
    if policy.defeats.needs_approval(command.reason, before.grade, by_manager=command.by_manager):
        return await _request(session, command, before, now)
    return await give_up(session, before, defeat_of(before, command, at=now), policy)


async def give_up(session: AsyncSession, before: Lead, defeat: Defeat, policy: LeadPolicy) -> Defeat:
    """The open lead, locked by the caller, is closed as the defeat says. Another wish to give it up has lapsed.

    Raises:
        LeadClosed: the lead is won or defeated.
    """
    after = close(before, Stage.DEFEATED, at=defeat.defeated_at)
    await db_leads.save(session, [after], at=defeat.defeated_at)
    await db_requests.lapse(session, after.dealer_id, after.id, at=defeat.defeated_at)
    await db_endings.add_defeat(session, defeat, before, next_care_at=_first_greeting(defeat, policy))
    told: list[Event] = [facts.stage_changed(before, after, at=defeat.defeated_at), facts.defeated(defeat)]
    await publish(session, [*await call_off_test_drives(session, after, now=defeat.defeated_at), *told])
    return defeat


def defeat_of(lead: Lead, asked: DefeatLead | DefeatRequest, *, at: datetime) -> Defeat:
    """The defeat that was asked for, of the lead as it stands now."""
    return Defeat(
        dealer_id=lead.dealer_id,
        lead_id=lead.id,
        store_id=lead.store_id,
        reason=asked.reason,
        competitor=asked.competitor,
        note=asked.note,
        stage=lead.stage,
        grade=lead.grade,
        interest=lead.interest,
        defeated_at=at,
    )


async def _tries(session: AsyncSession, command: DefeatLead) -> int:
    if command.reason is not DefeatReason.UNREACHABLE:
        return 0
    return await db_follow_ups.tries_since_reached(session, command.dealer_id, command.lead_id)


async def _request(session: AsyncSession, command: DefeatLead, lead: Lead, now: datetime) -> DefeatRequest:
    request = DefeatRequest(
        id=uuid7(),
        dealer_id=lead.dealer_id,
        lead_id=lead.id,
        store_id=lead.store_id,
        reason=command.reason,
        competitor=command.competitor,
        note=command.note,
        requested_by=command.by,
        requested_at=now,
    )
    if not await db_requests.add(session, request):
        raise DefeatPending(lead.id)
    await publish(session, [facts.defeat_requested(lead, request)])
    return request


def _first_greeting(defeat: Defeat, policy: LeadPolicy) -> datetime:
    care, is_known = policy.reactivation.care, defeat.reason.is_known
    return care.first(defeat.defeated_at, reason_is_known=is_known, zone=policy.zone)
