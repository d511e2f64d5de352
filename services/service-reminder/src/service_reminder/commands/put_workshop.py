"""Say what a workshop can take."""

from uuid import UUID

from baoke_chassis.versions import require_version
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import workshops as db_workshops
from service_reminder.domain.slots import Workshop


async def put_workshop(
    session: AsyncSession, dealer_id: UUID, store_id: UUID, workshop: Workshop, *, seen: int | None
) -> int:
    """Store what the workshop says of itself and return the version that it is. Appointments that were made stay.

    Raises:
        StaleVersion: it changed since the caller saw it.
    """
    found = await db_workshops.lock(session, dealer_id, store_id)
    require_version(seen, found[1] if found else 0)
    return await db_workshops.put(session, dealer_id, store_id, workshop)
