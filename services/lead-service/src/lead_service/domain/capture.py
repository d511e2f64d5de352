"""Intake: what an inquiry makes of a person who is new, and of one who is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from itertools import groupby
from uuid import UUID

from lead_service.domain.consent import Consent, granted_by, implied, told
from lead_service.domain.contact import Contact, filled
from lead_service.domain.escalation import Escalation
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle, Interest, completed
from lead_service.domain.lead import Lead, owe_contact
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Source
from lead_service.domain.stage import Stage
from lead_service.domain.worklist import place, ranked, weights


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What a sender tells of one person who is interested in a car.

    `id` is the touch it becomes, `lead_id` the lead it opens if the person has none. `consents` is
    what the person said; None means that the channel's registered wording speaks for them.
    """

    id: UUID
    lead_id: UUID
    dealer_id: UUID
    store_id: UUID
    source: Source
    contact: Contact
    interest: Interest
    consents: tuple[Consent, ...] | None = None
    grade: Grade | None = None
    decision_style: DecisionStyle | None = None
    advisor_id: UUID | None = None
    referral_code: str | None = None
    note: str | None = None
    requested_at: datetime | None = None

    @property
    def person(self) -> tuple[UUID, str]:
        """The same for two inquiries of one person: the phone if it identifies one, else nobody else's."""
        return self.dealer_id, self.contact.identifying_phone or str(self.lead_id)


class Outcome(StrEnum):
    """What became of an inquiry."""

    CREATED = "created"
    TOUCHED = "touched"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Touch:
    """An inquiry that arrived and counts as one touch of a lead."""

    id: UUID
    source: Source
    name: str
    interest: Interest
    referral_code: str | None
    note: str | None
    requested_at: datetime | None
    touched_at: datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """What became of one inquiry, and the lead it belongs to."""

    outcome: Outcome
    lead: Lead


@dataclass(frozen=True, slots=True)
class Proposal:
    """The inquiries of one person, oldest first, and the lead they make if the person has none that is open."""

    lead: Lead
    inquiries: Sequence[Inquiry]


def propose(inquiries: Iterable[Inquiry], policies: Mapping[UUID, LeadPolicy], *, at: datetime) -> list[Proposal]:
    """One proposal a person, ordered by person so that every intake locks people in one order."""
    people = groupby(sorted(inquiries, key=lambda inquiry: inquiry.person), key=lambda inquiry: inquiry.person)
    return [_proposal(list(group), policies[dealer_id], at) for (dealer_id, _), group in people]


def _proposal(inquiries: Sequence[Inquiry], policy: LeadPolicy, at: datetime) -> Proposal:
    first, *rest = inquiries
    lead = open_lead(first, policy, at=at)
    if rest:
        lead = ranked(touch(lead, rest, policy, at=at), policy.working.worklist)
    return Proposal(lead, inquiries)


def open_lead(inquiry: Inquiry, policy: LeadPolicy, *, at: datetime) -> Lead:
    """The new lead of a person who has none that is open, in its place. Its first answer is due by its channel's time.

    As `ranked` would place it, which would make the lead anew: a tenth of what a lead of a batch costs.
    """
    grade = inquiry.grade or policy.default_grade
    due = policy.next_contact(grade, at, inquiry.store_id)
    respond_by = policy.working.respond_by(inquiry.source.channel, inquiry.store_id, at)
    worklist = policy.working.worklist
    worth = weights(grade, Stage.NEW, inquiry.interest, worklist, unanswered=True)
    return Lead(
        dealer_id=inquiry.dealer_id,
        id=inquiry.lead_id,
        store_id=inquiry.store_id,
        source=inquiry.source,
        contact=inquiry.contact,
        consents=_consents((), inquiry, policy, at),
        interest=inquiry.interest,
        grade=grade,
        stage=Stage.NEW,
        touches=1,
        captured_at=at,
        next_contact_at=due,
        follow_up_escalation=Escalation(next_at=due),
        respond_by=respond_by,
        response_escalation=Escalation(next_at=respond_by),
        ranked_at=place(min(respond_by, due), worth, worklist),
        advisor_id=inquiry.advisor_id,
        decision_style=inquiry.decision_style,
        referral_code=inquiry.referral_code,
        note=inquiry.note,
    )


def touch(lead: Lead, inquiries: Iterable[Inquiry], policy: LeadPolicy, *, at: datetime) -> Lead:
    """The open lead after its person was heard from again.

    A touch fills what was not known (name, e-mail, car, budget, referral, note …), never overwrites
    it, and brings the next contact forward to its grade's clock; a date that is nearer, or has
    passed, stands.
    """
    return reduce(lambda touched, inquiry: _touch(touched, inquiry, policy, at), inquiries, lead)


def _touch(lead: Lead, inquiry: Inquiry, policy: LeadPolicy, at: datetime) -> Lead:
    due = policy.next_contact(lead.grade, at, lead.store_id)
    heard = replace(
        lead,
        touches=lead.touches + 1,
        last_source=inquiry.source,
        last_touched_at=at,
        contact=filled(lead.contact, inquiry.contact),
        consents=_consents(lead.consents, inquiry, policy, at),
        interest=completed(lead.interest, inquiry.interest),
        decision_style=lead.decision_style or inquiry.decision_style,
        referral_code=lead.referral_code or inquiry.referral_code,
        note=lead.note or inquiry.note,
    )
    if lead.next_contact_at is not None and lead.next_contact_at <= due:
        return heard
    return owe_contact(heard, due)


def _consents(known: tuple[Consent, ...], inquiry: Inquiry, policy: LeadPolicy, at: datetime) -> tuple[Consent, ...]:
    if inquiry.consents is not None:
        return told(known, inquiry.consents)
    return implied(known, granted_by(policy.consent_wordings.get(inquiry.source.channel), at=at))
