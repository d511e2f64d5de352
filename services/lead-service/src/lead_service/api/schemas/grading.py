"""Bodies and answers of grading a lead and putting its next contact on another date."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, StringConstraints

from lead_service.api.schemas.fields import GradeName, Instant
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
"""Why somebody decided otherwise than the clock."""


class GradeIn(Body):
    """Another grade, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"grade": "h", "reason": "本周要定车，已看过两次"}]})

    grade: GradeName
    reason: Reason


class NextContactIn(Body):
    """Another date for the next contact, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"next_contact_at": "2026-01-08T10:00:00+08:00", "reason": "客户出差，周四回来"}]
        }
    )

    next_contact_at: Instant
    reason: Reason


class DecisionStyleIn(Body):
    """How the person decides: by comparison (决策谨慎型) or by opportunity (行动果断型); null is not known."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision_style": "cautious"}]})

    decision_style: DecisionStyle | None


class GradeChangeOut(Reply):
    """A grade that somebody gave the lead over the one it had."""

    from_grade: Grade
    to_grade: Grade
    reason: str
    graded_by: str
    graded_at: datetime


class ContactMoveOut(Reply):
    """A next contact that somebody put on another date."""

    from_at: datetime
    to_at: datetime
    reason: str
    moved_by: str
    moved_at: datetime


class ClocksOut(Reply):
    """A lead's clocks, how far up lateness was reported, and what somebody decided over them: the newest 50 first."""

    lead_id: UUID
    respond_by: datetime | None
    """When the first answer was due; null for leads from before there was such a clock."""
    responded_at: datetime | None
    response_minutes: int | None
    """Working minutes from capture to the first answer."""
    responded_in_time: bool | None
    response_level: int
    """The level of escalation that a missing answer was reported to; 0 is none."""
    next_contact_at: datetime | None
    follow_up_level: int
    """The level of escalation that the overdue contact was reported to; 0 is none."""
    grades: list[GradeChangeOut]
    moves: list[ContactMoveOut]
