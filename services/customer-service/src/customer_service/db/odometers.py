"""Odometers that go on, told of by the statement that moves them."""

from collections.abc import Sequence

from baoke_events import MileageUpdated
from baoke_events.bulk import Found, publish_found
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.domain.readings import Reading

_MOVE = """
moved AS (
    UPDATE vehicle SET odometer_km = r.km, odometer_read_at = r.read_at
    FROM unnest($2::uuid[], $3::timestamptz[], $4::integer[], $5::text[]) AS r (vehicle_id, read_at, km, source)
    WHERE vehicle.dealer_id = $1 AND vehicle.vehicle_id = r.vehicle_id
    RETURNING vehicle.vehicle_id, customer_id, store_id, r.km, r.read_at, r.source AS reading_source
)"""
_TOLD = ("vehicle_id", "customer_id", "store_id", "km", "read_at", "reading_source")


async def move_and_tell(session: AsyncSession, readings: Sequence[Reading], *, like: MileageUpdated) -> None:
    """Let each reading's vehicle stand where the reading says, and publish it; one reading for each vehicle.

    All are of one dealer. What differs from event to event is in the vehicle's row and the reading; the rest is as
    `like` has it.
    """
    _, vehicles, read_ats, kms, sources, _ = map(list, zip(*readings, strict=True))
    arguments = [like.dealer_id, vehicles, read_ats, kms, sources]
    moved = Found("moved", _TOLD, event_id="uuidv7()", like=like)
    await publish_found(session, _MOVE, arguments, moved, answer="SELECT count(*) FROM moved")
