"""Take odometer readings that a caller reports."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.take_readings import take_readings
from customer_service.domain.readings import Outcome, Reading


async def record_readings(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> list[Outcome]:
    """Keep the readings, publish `MileageUpdated` for each that moves an odometer on, and return their outcomes."""
    taken = await take_readings(session, readings, now=now)
    await announce(session, taken.events)
    return taken.outcomes
