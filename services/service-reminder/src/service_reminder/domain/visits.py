"""A workshop visit: from arrival to delivery, forward only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from service_reminder.domain.errors import QuoteMissing, StageNotForward, VisitAlreadyCompleted


class Stage(StrEnum):
    """How far a visit is, in order 接待—诊断—维修—交付."""

    ARRIVED = "arrived"
    DIAGNOSED = "diagnosed"
    QUOTED = "quoted"
    APPROVED = "approved"
    IN_WORK = "in_work"
    QUALITY_CHECK = "quality_check"
    READY = "ready"
    DELIVERED = "delivered"


STAGES = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the invoice; `code` is a plan item's where the line fulfils one."""

    code: str
    description: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `quoted_cents` is the latest quote; the last four are there once it is delivered."""

    dealer_id: UUID
    visit_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    appointment_id: UUID | None
    stage: Stage
    arrived_at: datetime
    quoted_cents: int | None = None
    odometer_km: int | None = None
    lines: tuple[Line, ...] = ()
    amount_cents: int | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuoteAccuracy:
    """How the final price compares with the quote; positive means dearer."""

    quoted_cents: int
    final_cents: int
    difference_cents: int
    difference_percent: float | None
    """None where nothing was quoted for."""
    within_tolerance: bool


def advance(visit: Visit, stage: Stage, *, quoted_cents: int | None) -> Visit:
    """Move a visit on to a later stage; stages in between may be left out.

    Raises:
        VisitAlreadyCompleted: it was delivered.
        StageNotForward: it stands there, or further, already.
        QuoteMissing: it is to be quoted, without an amount.
    """
    if visit.stage is Stage.DELIVERED:
        raise VisitAlreadyCompleted(visit.visit_id)
    if STAGES.index(stage) <= STAGES.index(visit.stage):
        raise StageNotForward(stands_at=visit.stage, asked=stage)
    if stage is Stage.QUOTED and quoted_cents is None:
        raise QuoteMissing
    return replace(visit, stage=stage, quoted_cents=visit.quoted_cents if quoted_cents is None else quoted_cents)


def deliver(visit: Visit, lines: Sequence[Line], *, odometer_km: int, now: datetime) -> Visit:
    """Give the vehicle back with its invoice, from whatever stage it is in.

    Raises:
        VisitAlreadyCompleted: that happened before.
    """
    if visit.stage is Stage.DELIVERED:
        raise VisitAlreadyCompleted(visit.visit_id)
    return replace(
        visit,
        stage=Stage.DELIVERED,
        odometer_km=odometer_km,
        lines=tuple(lines),
        amount_cents=sum(line.amount_cents for line in lines),
        completed_at=now,
    )


def quote_accuracy(visit: Visit, *, tolerance_percent: float) -> QuoteAccuracy | None:
    """Compare a delivered visit's price with its quote; None without either."""
    if visit.quoted_cents is None or visit.amount_cents is None:
        return None
    difference = visit.amount_cents - visit.quoted_cents
    percent = round(100 * difference / visit.quoted_cents, 2) if visit.quoted_cents else None
    within = abs(difference) * 100 <= tolerance_percent * visit.quoted_cents
    return QuoteAccuracy(visit.quoted_cents, visit.amount_cents, difference, percent, within)
