"""Which leads a list or an export is of, as its parameters say."""

from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.paging import Paging
from baoke_chassis.patterns import BLANK
from fastapi import Depends, Query
from pydantic import BeforeValidator

from lead_service.api.schemas.fields import GradeName, Instant, Reference
from lead_service.db.lead_filter import LeadFilter, LeadSort, Span
from lead_service.domain.search import words_of
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

_TYPED = rf"^[^\x00]*[^{BLANK}][^\x00]*$"

Typed = Annotated[
    str | None,
    Query(
        max_length=100,
        pattern=_TYPED,
        description="words or signs of a name, the last as far as it is typed; part of a model; or the end of a phone "
        "number (4 digits or more)",
    ),
]


def _written(value: str) -> str:
    if value.lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("a moment is a text, such as 2026-01-05T08:30:00Z")
    return value


Moment = Annotated[Instant, BeforeValidator(_written)]
"""An instant as people write it (RFC 3339); a bare number is none."""


class LeadQuery:
    """The filters of a request. Each narrows; several values of one are alternatives."""

    def __init__(
        self,
        q: Typed = None,
        stage: Stage | None = None,
        stages: Annotated[list[Stage] | None, Query(description="any of these")] = None,
        grade: Annotated[GradeName | None, Query()] = None,
        grades: Annotated[list[GradeName] | None, Query(description="any of these")] = None,
        store_id: UUID | None = None,
        advisor_id: UUID | None = None,
        channel: Channel | None = None,
        campaign: Annotated[Reference | None, Query()] = None,
        captured_since: Annotated[Moment | None, Query()] = None,
        captured_until: Annotated[Moment | None, Query(description="up to, and without, this moment")] = None,
        next_contact_since: Annotated[Moment | None, Query()] = None,
        next_contact_until: Annotated[Moment | None, Query(description="up to, and without, this moment")] = None,
        closed_since: Annotated[Moment | None, Query()] = None,
        closed_until: Annotated[Moment | None, Query(description="up to, and without, this moment")] = None,
    ) -> None:
        self.typed = q
        self.named: dict[str, Any] = {
            "stages": (*(stages or ()), *([stage] if stage else [])),
            "grades": (*(grades or ()), *([grade] if grade else [])),
            "store_id": store_id,
            "advisor_id": advisor_id,
            "channel": channel,
            "campaign": campaign,
            "captured": Span(captured_since, captured_until),
            "next_contact": Span(next_contact_since, next_contact_until),
            "closed": Span(closed_since, closed_until),
        }

    def asked(self, caller: Caller, *, seen_by: UUID | None) -> LeadFilter:
        """The filter for this caller, who finds nobody by a number that they may not see."""
        words = words_of(self.typed, numbers=caller.sees_phones) if self.typed else None
        return LeadFilter(caller.dealer_id, caller.stores, seen_by, words=words, **self.named)


Asked = Annotated[LeadQuery, Depends(LeadQuery)]


def after(paging: Paging, sort: LeadSort) -> tuple[Any, ...] | None:
    """Where a list in this order goes on; None at its start.

    Raises:
        InvalidCursor: the cursor is of another list, or of another order.
    """
    if sort is LeadSort.NEWEST:
        last = paging.after_one(UUID)
        return None if last is None else (last,)
    return paging.after_instant_and_id()
