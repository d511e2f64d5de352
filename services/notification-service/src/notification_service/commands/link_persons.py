"""A lead becomes a customer: one person, one budget."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import persons as db_persons
from notification_service.domain.parties import Link


async def link_persons(session: AsyncSession, links: Sequence[Link]) -> None:
    """The leads are these persons: caps and unsubscriptions hold for both parties together.

    What the lead was sent today counts for the person. Of several links of one lead the last one holds.
    """
    latest = {link.party: link for link in links}
    if latest:
        await db_persons.link(session, [latest[party] for party in sorted(latest)])
