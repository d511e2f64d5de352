"""Complaints as they cross the wire."""

from datetime import datetime
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict

from customer_service.api.fields import Note
from customer_service.domain.complaints import Topic


class ComplaintIn(Body):
    """A complaint of a customer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "customer_id": "0199d3a0-0000-7000-8000-00000000c001",
                    "topic": "waiting_time",
                    "description": "预约九点，十点才接车。",
                }
            ]
        }
    )

    customer_id: UUID
    topic: Topic
    description: Note | None = None
    vehicle_id: UUID | None = None
    store_id: UUID | None = None
    """The store that answers; left out, the customer's own."""


class CallbackIn(Body):
    """The callback that was made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "已致歉，安排下次免费取送车。"}]})

    note: Note | None = None


class ResolutionIn(Body):
    """How the complaint was settled."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"resolution": "退还工时费，客户满意。"}]})

    resolution: Note | None = None


class ComplaintOut(Reply):
    """A complaint and how far it got."""

    complaint_id: UUID
    customer_id: UUID
    store_id: UUID
    vehicle_id: UUID | None
    topic: Topic
    description: str | None
    opened_at: datetime
    callback_due_at: datetime
    called_back_at: datetime | None
    callback_note: str | None
    resolved_at: datetime | None
    resolution: str | None
    level: int
    """0 where it was made; 1 to 3 as it was taken up because nobody acted in time."""
