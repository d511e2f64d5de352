"""What becomes of the places that messages hold in their days' budgets."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import budgets as db_budgets
from notification_service.db import parties as db_parties
from notification_service.domain.budget import BudgetKey, moves
from notification_service.domain.messages import Message
from notification_service.domain.parties import PartyKey


async def settle_places(session: AsyncSession, *, used: Iterable[Message], released: Iterable[Message]) -> None:
    """The places of `used` count as sent, those of `released` are free again; messages without one change nothing.

    The messages are locked by the caller, before any budget is: senders lock in this order too.
    """
    using, releasing = ([m for m in messages if m.counted_on] for messages in (used, released))
    if not using and not releasing:
        return
    parties = await db_parties.reachable(session, {PartyKey(m.dealer_id, m.party_id) for m in [*using, *releasing]})
    days = {
        m.message_id: BudgetKey(*parties[PartyKey(m.dealer_id, m.party_id)].person, m.counted_on)
        for m in [*using, *releasing]
        if m.counted_on
    }
    await db_budgets.lock(session, set(days.values()))
    changes = moves(use=[days[m.message_id] for m in using], release=[days[m.message_id] for m in releasing])
    await db_budgets.apply(session, changes)
