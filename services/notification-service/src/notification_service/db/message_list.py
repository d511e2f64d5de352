"""Messages as people look at them: lists and counts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db.tables import Message, Party
from notification_service.domain.messages import MessageState, Reason
from notification_service.domain.parties import PersonKey


async def newest(
    session: AsyncSession,
    dealer_id: UUID,
    *,
    party_id: UUID | None,
    state: MessageState | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Message]:
    """Up to `limit` of the dealer's messages planned before that one, newest first."""
    wanted = select(Message).where(Message.dealer_id == dealer_id).order_by(Message.message_id.desc()).limit(limit)
    if party_id is not None:
        wanted = wanted.where(Message.party_id == party_id)
    if state is not None:
        wanted = wanted.where(Message.state == state)
    if before is not None:
        wanted = wanted.where(Message.message_id < before)
    return (await session.scalars(wanted)).all()


async def reasons(
    session: AsyncSession, person: PersonKey, state: MessageState, *, since: datetime | None = None
) -> list[tuple[Reason, int]]:
    """How many messages of the person are in that state for each reason, where they came there `since`."""
    parties = select(Party.party_id).where(Party.dealer_id == person.dealer_id, Party.person_id == person.person_id)
    counted = (
        select(Message.reason, func.count())
        .where(Message.dealer_id == person.dealer_id, Message.party_id.in_(parties))
        .where(Message.state == state, Message.reason.is_not(None))
        .group_by(Message.reason)
        .order_by(Message.reason)
    )
    if since is not None:
        counted = counted.where(Message.settled_at >= since)
    return [(Reason(reason), count) for reason, count in await session.execute(counted) if reason]
