"""Cancelling an import."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_imports as db_imports
from lead_service.domain.lead_import import LeadImport, cancel


@dataclass(frozen=True, slots=True)
class CancelImport:
    """Read no further row of an import. `stores` are those it may be for; None is all."""

    dealer_id: UUID
    import_id: UUID
    stores: Collection[UUID] | None = None


async def cancel_import(session: AsyncSession, command: CancelImport, *, now: datetime) -> LeadImport:
    """The import ends here and its file is gone; leads that it brought stay.

    Raises:
        ImportNotFound: the dealer has no such import, or not one for these stores only.
        ImportFinished: it was done, or has failed, before.
    """
    before = await db_imports.lock(session, command.dealer_id, command.import_id, stores=command.stores)
    after = cancel(before, at=now)
    if after != before:
        await db_imports.save(session, after)
    return after
