"""Keeping a store's roster."""

from collections.abc import Collection
from uuid import UUID

from baoke_chassis.versions import require_version
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import advisors as db_advisors
from lead_service.domain.advisor import Advisor, Standing
from lead_service.domain.errors import AdvisorHoldsLeads, AdvisorKnown


async def add_advisor(session: AsyncSession, advisor: Advisor) -> tuple[Standing, int]:
    """The advisor is on the roster, if they were not just like this. Answers where they stand, and the version.

    Raises:
        AdvisorKnown: they are on a roster already, with other words.
    """
    if not await db_advisors.add(session, advisor):
        standing, version = await db_advisors.find(session, advisor.dealer_id, advisor.id)
        if standing.advisor != advisor:
            raise AdvisorKnown(advisor.id)
        return standing, version
    return await db_advisors.find(session, advisor.dealer_id, advisor.id)


async def change_advisor(
    session: AsyncSession, advisor: Advisor, *, stores: Collection[UUID] | None, seen: int | None
) -> tuple[Standing, int]:
    """The roster says this of the advisor; their open leads stay theirs. Answers where they stand, and the version.

    Raises:
        AdvisorNotFound: they are on no roster of these stores; None is all.
        StaleVersion: the entry changed since the caller saw version `seen`.
    """
    current = await db_advisors.version(session, advisor.dealer_id, advisor.id)
    await db_advisors.find(session, advisor.dealer_id, advisor.id, stores=stores)
    require_version(seen, current)
    await db_advisors.save(session, advisor)
    return await db_advisors.find(session, advisor.dealer_id, advisor.id)


async def remove_advisor(
    session: AsyncSession, dealer_id: UUID, advisor_id: UUID, *, stores: Collection[UUID] | None, seen: int | None
) -> Advisor:
    """The advisor is on no roster any more. Answers who it was.

    Raises:
        AdvisorNotFound: they were on none, or on none of these stores; None is all.
        StaleVersion: the entry changed since the caller saw version `seen`.
        AdvisorHoldsLeads: open leads are theirs.
    """
    current = await db_advisors.version(session, dealer_id, advisor_id)
    standing, _ = await db_advisors.find(session, dealer_id, advisor_id, stores=stores)
    require_version(seen, current)
    if standing.open_leads:
        raise AdvisorHoldsLeads(standing.open_leads)
    await db_advisors.remove(session, standing.advisor)
    return standing.advisor
