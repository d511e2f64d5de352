"""Intake of one inquiry or a thousand."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.event import Event
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.hand_over_leads import assign_new_leads
from lead_service.commands.keep_leads import keep
from lead_service.db import leads as db_leads
from lead_service.db import touches as db_touches
from lead_service.db.touches import source_key
from lead_service.domain.capture import Capture, Inquiry, Outcome, Proposal, propose, touch
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a person's inquiries came to: the lead before them, if there was one, and after."""

    inquiries: Sequence[Inquiry]
    before: Lead | None
    after: Lead


async def capture_leads(session: AsyncSession, inquiries: Sequence[Inquiry], *, now: datetime) -> list[Capture]:
    """Each inquiry belongs to a lead; answered in the order given.

    A source id that arrived before is `repeated` and changes nothing. A person with an open lead
    has `touched` it. Anyone else has a new lead. Unique indexes decide, whatever arrives at the
    same time, and the number of statements does not depend on the number of inquiries.
    """
    policies = await policy_of(session, {inquiry.dealer_id for inquiry in inquiries}, LeadPolicy)
    claimed = await db_touches.claim(session, inquiries, now=now)
    fresh = [inquiry for inquiry in inquiries if inquiry.id in claimed]
    settled = await _settle(session, propose(fresh, policies, at=now), policies, now)
    await db_touches.move(session, _moved(settled))
    new = [person.after for person in settled if person.before is None]
    assigned, told = await assign_new_leads(session, new, policies, now=now)
    await publish(session, [*(fact for person in settled for fact in _facts(person, now)), *told])
    repeated = await db_touches.leads_of(session, {source_key(i) for i in inquiries if i.id not in claimed})
    return _answers(inquiries, settled, assigned, repeated)


async def _settle(
    session: AsyncSession, proposals: Sequence[Proposal], policies: Mapping[UUID, LeadPolicy], now: datetime
) -> list[_Settled]:
    stored = await db_leads.open_or_lock(session, [proposal.lead for proposal in proposals])
    settled = [_settled(proposal, stored, policies, now) for proposal in proposals]
    await keep(session, [person.after for person in settled if person.before], policies, at=now)
    return settled


def _settled(
    proposal: Proposal,
    stored: Mapping[tuple[UUID, str | None], Lead],
    policies: Mapping[UUID, LeadPolicy],
    now: datetime,
) -> _Settled:
    proposed = proposal.lead
    held = stored.get((proposed.dealer_id, proposed.contact.identifying_phone), proposed)
    if held.id == proposed.id:
        return _Settled(proposal.inquiries, None, proposed)
    after = touch(held, proposal.inquiries, policies[held.dealer_id], at=now)
    return _Settled(proposal.inquiries, held, after)


def _moved(settled: Iterable[_Settled]) -> dict[tuple[UUID, UUID], UUID]:
    """The touches that belong to another lead than the one they would have opened."""
    return {
        (inquiry.dealer_id, inquiry.id): person.after.id
        for person in settled
        for inquiry in person.inquiries
        if inquiry.lead_id != person.after.id
    }


def _facts(person: _Settled, now: datetime) -> list[Event]:
    before, after = person.before, person.after
    told: list[Event] = [] if before else [facts.captured(after, next_contact_at=after.next_contact_at or now, at=now)]
    told += facts.referral_named(before, after, at=now)
    touches = person.inquiries if before else person.inquiries[1:]
    first_number = after.touches - len(touches) + 1
    told += [
        facts.touched(after, inquiry, touches=number, at=now) for number, inquiry in enumerate(touches, first_number)
    ]
    if before is None or (before.contact, before.consents) != (after.contact, after.consents):
        told.append(facts.contact_changed(after, at=now))
    return told


def _answers(
    inquiries: Collection[Inquiry],
    settled: Iterable[_Settled],
    assigned: Mapping[UUID, Lead],
    repeated: Mapping[db_touches.SourceKey, Lead],
) -> list[Capture]:
    fresh = {
        inquiry.id: Capture(
            Outcome.CREATED if inquiry.lead_id == person.after.id else Outcome.TOUCHED,
            assigned.get(person.after.id, person.after),
        )
        for person in settled
        for inquiry in person.inquiries
    }
    return [fresh.get(i.id) or Capture(Outcome.REPEATED, repeated[source_key(i)]) for i in inquiries]
