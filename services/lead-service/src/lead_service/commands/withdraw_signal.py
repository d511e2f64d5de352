"""Taking a market signal back."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import signals as db_signals
from lead_service.db.signals import KnownSignal
from lead_service.domain.errors import CareNotWithdrawn
from lead_service.domain.signal import SignalKind


@dataclass(frozen=True, slots=True)
class WithdrawSignal:
    """Approach nobody with a signal any more."""

    dealer_id: UUID
    signal_id: UUID


async def withdraw_signal(session: AsyncSession, command: WithdrawSignal, *, now: datetime) -> KnownSignal:
    """Who was not approached is not any more; `recall_approaches` calls back the rest. Twice changes nothing.

    Waits for the batch that is being matched, so that nobody is approached once this returns.

    Raises:
        SignalNotFound: the dealer has no such signal.
        CareNotWithdrawn: it stands for a day's greetings, of which the next day would have its own.
    """
    known = await db_signals.find(session, command.dealer_id, command.signal_id, lock=True)
    if known.signal.kind is SignalKind.CARE:
        raise CareNotWithdrawn(command.signal_id)
    if known.withdrawn_at is not None:
        return known
    await db_signals.withdraw(session, known.signal, at=now)
    return replace(known, withdrawn_at=now, matched_at=known.matched_at or now)
