"""Bodies and answers of giving leads up and of working them again."""

from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from lead_service.api.schemas.fields import Note, Term
from lead_service.domain.defeat import DefeatReason, DefeatRequest, RequestState


class DefeatIn(Body):
    """Why the lead is lost."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "price", "competitor": "Tesla Model 3", "note": "差一万二"}]}
    )

    reason: DefeatReason
    competitor: Term | None = Field(default=None, validate_default=True)
    """To whom; a lead lost to a competitor says to which."""
    note: Note | None = None

    @field_validator("competitor")
    @classmethod
    def _is_named(cls, competitor: str | None, info: ValidationInfo) -> str | None:
        if competitor is None and info.data.get("reason") is DefeatReason.COMPETITOR:
            raise ValueError("a lead lost to a competitor says to which")
        return competitor


class DefeatRequestOut(Reply):
    """The wish to give a lead up, which a manager decides on; the lead is worked on meanwhile."""

    request_id: UUID
    lead_id: UUID
    store_id: UUID
    state: RequestState
    reason: DefeatReason
    competitor: str | None
    note: str | None
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None

    @classmethod
    def of(cls, request: DefeatRequest) -> Self:
        """The request, for the wire."""
        values = {name: getattr(request, name) for name in cls.model_fields if name != "request_id"}
        return cls.model_validate({**values, "request_id": request.id})


class ApprovalIn(Body):
    """A manager's yes."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "已回访确认"}]})

    note: Note | None = None


class RejectionIn(Body):
    """A manager's no, and why."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "再约一次试驾"}]})

    note: Note = Field(min_length=1)


class ReopeningIn(Body):
    """That the person of a lost lead was heard from."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"note": "客户来电，想再看看"}]})

    note: Note | None = None
