"""Remember how parties can be reached."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import parties as db_parties
from notification_service.db import suppressions as db_suppressions
from notification_service.domain.parties import Contact, granted_anew, newest


async def record_contacts(session: AsyncSession, contacts: Sequence[Contact]) -> None:
    """Each party has the newest contact that was ever heard of, in whatever order they come.

    A party that had refused something and agrees to it again is no longer unsubscribed from it.
    """
    latest = newest(contacts)
    known = await db_parties.lock(session, latest.keys())
    agreed = {
        (before.person, permission)
        for key, before in known.items()
        if before.contact.sequence <= latest[key].sequence
        for permission in granted_anew(before.contact, latest[key])
    }
    await db_parties.save_contacts(session, latest.values())
    await db_suppressions.lift(session, agreed)
