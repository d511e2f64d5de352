"""An advisor's word over the clock: grades, dates and how a person decides."""

from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.routing import Router, Transaction

from lead_service.api.callers import Reader, Worker
from lead_service.api.reach import WithinReach
from lead_service.api.schemas.grading import (
    ClocksOut,
    ContactMoveOut,
    DecisionStyleIn,
    GradeChangeOut,
    GradeIn,
    NextContactIn,
)
from lead_service.api.schemas.leads import LeadOut
from lead_service.commands.grade_lead import GradeLead, grade_lead
from lead_service.commands.reschedule_lead import RescheduleLead, reschedule_lead
from lead_service.commands.set_decision_style import SetDecisionStyle, set_decision_style
from lead_service.db import changes, lead_reads
from lead_service.domain.response import answered_in_time

router = Router(prefix="/v1/leads/{lead_id}", tags=["working a lead"], dependencies=[WithinReach])


@router.post("/grade")
async def grade(lead_id: UUID, body: GradeIn, caller: Worker, session: Transaction) -> LeadOut:
    """Give a lead another grade (意向级别), with the reason.

    Its next contact is due by the grade's clock from now. To grade is not to be in touch: one that is overdue stays so,
    and none is put off further than the policy lets a lead of the grade wait. The grade it has already changes nothing.
    """
    command = GradeLead(
        caller.dealer_id, lead_id, body.grade, body.reason, graded_by=caller.subject, stores=caller.stores
    )
    return LeadOut.of(await grade_lead(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.post("/next-contact")
async def move_next_contact(lead_id: UUID, body: NextContactIn, caller: Worker, session: Transaction) -> LeadOut:
    """Put the next contact on another date, with the reason.

    How far after the last contact is the policy's, by grade; a date on which the store is closed counts from when it
    opens. A contact that is overdue cannot be moved: making it sets the next date.
    """
    command = RescheduleLead(
        caller.dealer_id, lead_id, body.next_contact_at, body.reason, moved_by=caller.subject, stores=caller.stores
    )
    return LeadOut.of(await reschedule_lead(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.post("/decision-style")
async def note_decision_style(lead_id: UUID, body: DecisionStyleIn, caller: Worker, session: Transaction) -> LeadOut:
    """Note how the person decides; the worklist's next best content goes by it."""
    command = SetDecisionStyle(caller.dealer_id, lead_id, body.decision_style, stores=caller.stores)
    return LeadOut.of(await set_decision_style(session, command, now=utc_now()), sees_phones=caller.sees_phones)


@router.get("/clocks")
async def show_clocks(lead_id: UUID, caller: Reader, session: Transaction) -> ClocksOut:
    """What the lead is owed and by when, what became of its first answer, and every word over the clock."""
    lead = await lead_reads.find(session, caller.dealer_id, lead_id, stores=caller.stores)
    grades = await changes.grades(session, lead, limit=lead_reads.HISTORY)
    moves = await changes.moves(session, lead, limit=lead_reads.HISTORY)
    return ClocksOut(
        lead_id=lead.id,
        respond_by=lead.respond_by,
        responded_at=lead.responded_at,
        response_minutes=lead.response_minutes,
        responded_in_time=answered_in_time(lead),
        response_level=lead.response_escalation.level,
        next_contact_at=lead.next_contact_at,
        follow_up_level=lead.follow_up_escalation.level,
        grades=[GradeChangeOut.model_validate(change) for change in grades],
        moves=[ContactMoveOut.model_validate(move) for move in moves],
    )
