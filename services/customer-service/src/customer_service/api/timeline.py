"""Everything that happened to a customer."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from baoke_chassis.bodies import Reply
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends

from customer_service.api.callers import Reader, stores_of
from customer_service.db import customer_views
from customer_service.db import timeline as db_timeline
from customer_service.domain.errors import CustomerNotFound
from customer_service.domain.timeline import Entry, summary_of

router = Router(prefix="/v1/customers", tags=["timeline"])


class SummaryOut(Reply):
    """One line, in Chinese and in English."""

    zh: str
    en: str


class EntryOut(Reply):
    """Something that happened."""

    entry_id: UUID
    """The id of the event that said so."""
    kind: str
    occurred_at: datetime
    party_id: UUID
    """The customer, or the lead the customer was then."""
    summary: SummaryOut
    data: dict[str, Any]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the entry with its line."""
        return cls(
            entry_id=entry.entry_id,
            kind=entry.kind,
            occurred_at=entry.occurred_at,
            party_id=entry.party_id,
            summary=SummaryOut.model_validate(summary_of(entry.kind, entry.data)),
            data=dict(entry.data),
        )


@router.get("/{customer_id}/timeline", response_model=Page[EntryOut])
async def get_timeline(
    customer_id: UUID, caller: Reader, session: Transaction, paging: Annotated[Paging, Depends()]
) -> Page[EntryOut]:
    """See what happened to the customer in all services, newest first, from the first day as a lead."""
    if await customer_views.find(session, caller.dealer_id, customer_id, stores=stores_of(caller)) is None:
        raise CustomerNotFound(customer_id)
    entries = await db_timeline.newest(
        session, caller.dealer_id, customer_id, limit=paging.limit + 1, before=paging.after_instant_and_id()
    )
    return paging.page([EntryOut.of(entry) for entry in entries], cursor=lambda e: (e.occurred_at, e.entry_id))
