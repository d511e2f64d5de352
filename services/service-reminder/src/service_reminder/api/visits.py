"""Workshop visits, from arrival to delivery."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.fields import Km
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from pydantic import ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.api.callers import Reader, Writer
from service_reminder.commands.complete_visit import CompleteVisit, complete_visit
from service_reminder.commands.progress_visit import ProgressVisit, progress_visit
from service_reminder.commands.start_visit import StartVisit, start_visit
from service_reminder.db import visits as db_visits
from service_reminder.domain.errors import VisitNotFound
from service_reminder.domain.policy import ReminderPolicy
from service_reminder.domain.visits import Line, Stage, Visit, quote_accuracy

router = Router(prefix="/v1/visits", tags=["visits"])

Cents = Annotated[int, Field(ge=0, le=10**12)]


class NextStage(StrEnum):
    """What a visit can be moved on to."""

    DIAGNOSED = "diagnosed"
    QUOTED = "quoted"
    APPROVED = "approved"
    IN_WORK = "in_work"
    QUALITY_CHECK = "quality_check"
    READY = "ready"


class StartBody(Body):
    """A vehicle arrived."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "vehicle_id": "0199d3a0-0000-7000-8000-0000000000a1",
                    "store_id": "0199d3a0-0000-7000-8000-000000000051",
                }
            ]
        }
    )

    vehicle_id: UUID
    store_id: UUID
    appointment_id: UUID | None = None


class ProgressBody(Body):
    """The visit reached a stage."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"stage": "quoted", "quoted_cents": 128000, "note": "Front pads at 3 mm"}]}
    )

    stage: NextStage
    """Forward only; stages in between may be left out."""
    quoted_cents: Cents | None = None
    """Needed at `quoted`; at a later stage it replaces the quote."""
    note: str | None = Field(default=None, max_length=1000)


class LineBody(Body):
    """One line of the invoice."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)
    """A maintenance item's code where the line fulfils one; anything else (labour, parts) is fine."""
    description: str = Field(min_length=1, max_length=500)
    amount_cents: Cents


class CompleteBody(Body):
    """The vehicle goes back to its owner."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "odometer_km": 30120,
                    "lines": [
                        {"code": "oil_service", "description": "机油及机滤更换", "amount_cents": 68000},
                        {"code": "labour", "description": "工时", "amount_cents": 60000},
                    ],
                }
            ]
        }
    )

    odometer_km: Km
    lines: list[LineBody] = Field(min_length=1, max_length=500)


class LineReply(Reply):
    """One line of the invoice."""

    code: str
    description: str
    amount_cents: int


class StageReply(Reply):
    """When a stage was reached."""

    stage: Stage
    reached_at: datetime
    quoted_cents: int | None
    note: str | None


class QuoteReply(Reply):
    """The final price against the quote; a positive difference means dearer."""

    quoted_cents: int
    final_cents: int
    difference_cents: int
    difference_percent: float | None
    within_tolerance: bool


class VisitReply(Reply):
    """A visit as it stands."""

    visit_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    appointment_id: UUID | None
    stage: Stage
    arrived_at: datetime
    quoted_cents: int | None
    odometer_km: int | None
    lines: list[LineReply]
    amount_cents: int | None
    currency: str = "CNY"
    completed_at: datetime | None
    quote: QuoteReply | None = None
    """Once delivered, where there was a quote."""
    stages: list[StageReply]


@router.post("", status_code=201, summary="Receive a vehicle")
async def start(body: StartBody, session: Transaction, caller: Writer) -> VisitReply:
    """A visit begins: the vehicle stands in the workshop."""
    caller.require_store(body.store_id)
    command = StartVisit(caller.dealer_id, body.vehicle_id, body.store_id, body.appointment_id, caller.subject)
    return await _reply(session, await start_visit(session, command, now=utc_now()))


@router.get("/{visit_id}", summary="Show a visit")
async def show_visit(visit_id: UUID, session: Transaction, caller: Reader) -> VisitReply:
    """The visit with the stages it reached and, once delivered, its invoice."""
    visit = await db_visits.find(session, caller.dealer_id, visit_id)
    if visit is None or not caller.admits_store(visit.store_id):
        raise VisitNotFound(visit_id)
    return await _reply(session, visit)


@router.post("/{visit_id}/progress", summary="Move a visit on")
async def progress(visit_id: UUID, body: ProgressBody, session: Transaction, caller: Writer) -> VisitReply:
    """The visit reached a later stage; its owner can see it."""
    await _require_store(session, caller, visit_id)
    stage = Stage(body.stage)
    command = ProgressVisit(caller.dealer_id, visit_id, stage, body.quoted_cents, body.note, caller.subject)
    return await _reply(session, await progress_visit(session, command, now=utc_now()))


@router.post("/{visit_id}/complete", summary="Deliver a vehicle")
async def complete(visit_id: UUID, body: CompleteBody, session: Transaction, caller: Writer) -> VisitReply:
    """The invoice stands, and every maintenance item on it starts its next cycle at this distance and day."""
    await _require_store(session, caller, visit_id)
    lines = [Line(line.code, line.description, line.amount_cents) for line in body.lines]
    command = CompleteVisit(caller.dealer_id, visit_id, body.odometer_km, lines, caller.subject)
    return await _reply(session, await complete_visit(session, command, now=utc_now()))


async def _require_store(session: AsyncSession, caller: Caller, visit_id: UUID) -> None:
    if caller.stores is not None and (visit := await db_visits.find(session, caller.dealer_id, visit_id)):
        caller.require_store(visit.store_id)


async def _reply(session: AsyncSession, visit: Visit) -> VisitReply:
    policy = await rules_of(session, visit.dealer_id, ReminderPolicy)
    accuracy = quote_accuracy(visit, tolerance_percent=policy.visits.quote_tolerance_percent)
    stages = await db_visits.stages_of(session, visit.dealer_id, visit.visit_id)
    shown = {name: getattr(visit, name) for name in VisitReply.model_fields if hasattr(visit, name)}
    return VisitReply.model_validate({**shown, "quote": accuracy, "stages": stages}, from_attributes=True)
