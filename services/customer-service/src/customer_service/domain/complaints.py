"""Complaints: what is owed to who complained, and when it is taken a level up."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from customer_service.domain.bounds import MAX_HOURS, require_within

HOUR = timedelta(hours=1)


class Topic(StrEnum):
    """What the complaint is about."""

    SALES = "sales"
    DELIVERY = "delivery"
    VEHICLE_QUALITY = "vehicle_quality"
    SERVICE_QUALITY = "service_quality"
    WAITING_TIME = "waiting_time"
    PRICE = "price"
    STAFF = "staff"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ComplaintRules:
    """How fast complaints are answered, in hours after they were made."""

    callback_target_h: int = 4
    """Without a callback by then, the store's manager hears of it: level 1."""
    callback_due_h: int = 24
    """Without a callback by then, the regional manager does: level 2."""
    resolution_due_h: int = 72
    """Unresolved by then, the group's management does: level 3."""

    def __post_init__(self) -> None:
        require_within(self, callback_target_h=MAX_HOURS, callback_due_h=MAX_HOURS, resolution_due_h=MAX_HOURS)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint and how far it got."""

    dealer_id: UUID
    complaint_id: UUID
    customer_id: UUID
    store_id: UUID
    vehicle_id: UUID | None
    topic: str
    description: str | None
    opened_at: datetime
    callback_due_at: datetime
    called_back_at: datetime | None
    callback_note: str | None
    resolved_at: datetime | None
    resolution: str | None
    level: int
    """0 where it was made, 1 to 3 as it was taken up."""


def escalated(complaint: Complaint, rules: ComplaintRules, *, now: datetime) -> Complaint:
    """Return the complaint one level up if that is due, else as it is."""
    level, at = _next_level(complaint, rules) or (complaint.level, None)
    return replace(complaint, level=level) if at and at <= now else complaint


def escalates_at(complaint: Complaint, rules: ComplaintRules) -> datetime | None:
    """Return when the complaint is taken up next if nobody acts; None when it is settled or as high as it goes."""
    step = _next_level(complaint, rules)
    return None if step is None else step[1]


def _next_level(complaint: Complaint, rules: ComplaintRules) -> tuple[int, datetime] | None:
    """Return the next level and when it is due. A callback, however late, spares the levels that wait for one."""
    if complaint.resolved_at:
        return None
    due_h = {3: rules.resolution_due_h}
    if not complaint.called_back_at:
        due_h = {1: rules.callback_target_h, 2: rules.callback_due_h, **due_h}
    return next(
        ((level, complaint.opened_at + hours * HOUR) for level, hours in due_h.items() if level > complaint.level), None
    )
