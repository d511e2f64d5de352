"""Taking a market signal back."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import signals as db_signals
from lead_service.db.signals import KnownSignal


@dataclass(frozen=True, slots=True)
class WithdrawSignal:
    """Approach nobody with a signal any more."""

    dealer_id: UUID
    signal_id: UUID


async def withdraw_signal(session: AsyncSession, command: WithdrawSignal, *, now: datetime) -> KnownSignal:
    """Who was not approached is not any more; who was, was. Taking it back twice changes nothing.

    Waits for the batch that is being matched, so that nobody is approached once this returns.

    Raises:
        SignalNotFound: the dealer has no such signal.
    """
    known = await db_signals.find(session, command.dealer_id, command.signal_id, lock=True)
    if known.withdrawn_at is not None:
        return known
    await db_signals.withdraw(session, known.signal, at=now)
    return replace(known, withdrawn_at=now, matched_at=known.matched_at or now)
