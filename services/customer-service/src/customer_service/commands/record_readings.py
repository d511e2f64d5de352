"""Take odometer readings that a caller reports."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.commands.take_readings import Move, mileage_updated, move_odometers, take_readings
from customer_service.db import odometers as db_odometers
from customer_service.domain.readings import Outcome, Reading


async def record_readings(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> list[Outcome]:
    """Keep a dealer's readings, publish `MileageUpdated` for each that moves an odometer on; return their outcomes.

    A vehicle that has one thing to say, as nearly all have, is moved and told of by one statement for them all.
    """
    taken = await take_readings(session, readings, now=now)
    plain = [move for move in taken.moves if _is_plain(move)]
    if plain:
        like = mileage_updated(plain[0].vehicle, plain[0].ahead[0], now)
        await db_odometers.move_and_tell(session, [move.ahead[0] for move in plain], like=like)
    others = [move for move in taken.moves if not _is_plain(move)]
    await announce(session, await move_odometers(session, others, now=now))
    return taken.outcomes


def _is_plain(move: Move) -> bool:
    return len(move.ahead) == 1 and move.trade_in is None
