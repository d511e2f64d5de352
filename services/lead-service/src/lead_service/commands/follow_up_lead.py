"""Recording a contact with a lead's person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.hand_over_leads import record_hand_over, taken_on
from lead_service.commands.keep_leads import keep
from lead_service.db import follow_ups as db_follow_ups
from lead_service.db import leads as db_leads
from lead_service.db import scripts as db_scripts
from lead_service.db.assignments import Change
from lead_service.domain.assignment import AssignmentReason
from lead_service.domain.follow_up import ContactChannel, ContactOutcome, FollowUp, follow_up
from lead_service.domain.lead import Lead, require_open
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.script import Script


@dataclass(frozen=True, slots=True)
class FollowUpLead:
    """Put one contact, made now, on a lead's record.

    `advisor_id` is who made it, if an advisor did. `stores` are those the lead may be in; None is all.
    """

    dealer_id: UUID
    lead_id: UUID
    channel: ContactChannel
    outcome: ContactOutcome
    note: str | None = None
    next_contact_at: datetime | None = None
    script_id: UUID | None = None
    advisor_id: UUID | None = None
    stores: Collection[UUID] | None = None


async def follow_up_lead(session: AsyncSession, command: FollowUpLead, *, now: datetime) -> tuple[Lead, FollowUp]:
    """The contact is on record and the next one has its date. A lead of the pool is the advisor's who made it.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        NextContactInThePast: the date given has passed.
        NextContactTooFar: it is later than a lead of this grade may wait.
        PostponedWithoutReason: it is later than the grade's clock, and there is no note.
        ScriptNotFound: the library has no such script.
        NotOnTheRoster: the lead lies in the pool, and who made the contact is no active advisor of its store.
        AdvisorAtCapacity: it lies in the pool, and they can take no more.
        TakenBack: it lies in the pool, and they neglected it not long ago.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    policies = await policy_of(session, {command.dealer_id}, LeadPolicy)
    require_open(before)
    takes_on = before.advisor_id is None and command.advisor_id is not None
    policy = policies[command.dealer_id]
    own = await taken_on(session, before, command.advisor_id, policy, now=now) if takes_on else before
    after = follow_up(
        own,
        command.outcome,
        next_contact_at=command.next_contact_at,
        note=command.note,
        policy=policy,
        at=now,
    )
    script = await db_scripts.find(session, command.dealer_id, command.script_id) if command.script_id else None
    made = _made(command, before, after, script, now)
    changes = [Change(after, None, AssignmentReason.FOLLOWED_UP, str(command.advisor_id))] if takes_on else []
    told = await record_hand_over(session, changes, at=now)
    await keep(session, [after], policies, at=now)
    await db_follow_ups.add(session, after, made)
    await publish(session, [*told, *_facts(before, after, made)])
    return after, made


def _made(command: FollowUpLead, before: Lead, after: Lead, script: Script | None, now: datetime) -> FollowUp:
    return FollowUp(
        id=uuid7(),
        channel=command.channel,
        outcome=command.outcome,
        note=command.note,
        advisor_id=command.advisor_id,
        made_at=now,
        due_at=before.next_contact_at or now,
        next_contact_at=after.next_contact_at or now,
        script_id=script.id if script else None,
        content=script.content if script else None,
    )


def _facts(before: Lead, after: Lead, made: FollowUp) -> list[Event]:
    moved = [facts.stage_changed(before, after, at=made.made_at)] if after.stage != before.stage else []
    return [facts.contacted(before, after, made), *moved]
