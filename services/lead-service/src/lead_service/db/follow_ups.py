"""Follow-ups: what the dealer did about a lead."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import FollowUpRow
from lead_service.domain.follow_up import FollowUp


async def add(session: AsyncSession, dealer_id: UUID, lead_id: UUID, follow_up: FollowUp) -> None:
    """The follow-up is part of the lead's history."""
    await session.execute(insert(FollowUpRow).values(dealer_id=dealer_id, lead_id=lead_id, **asdict(follow_up)))
