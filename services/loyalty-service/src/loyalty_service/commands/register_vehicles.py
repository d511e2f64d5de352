"""Vehicles become known, and with them who has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.learn_purchases import LearnPurchase, learn_purchases
from loyalty_service.db import purchases as db_purchases
from loyalty_service.domain.purchases import Purchase


@dataclass(frozen=True, slots=True)
class RegisterVehicle:
    """A customer has a vehicle, perhaps bought by way of a lead."""

    dealer_id: UUID
    customer_id: UUID
    vin: str
    lead_id: UUID | None
    sale: int
    """Which sale of that lead."""
    origin: Origin


async def register_vehicles(session: AsyncSession, commands: Sequence[RegisterVehicle], *, now: datetime) -> None:
    """The owners are known; publish what the purchases among them complete."""
    await db_purchases.note_owners(session, [((c.dealer_id, c.customer_id), c.vin) for c in commands])
    learned = [
        LearnPurchase(
            Purchase(
                c.dealer_id,
                c.lead_id,
                customer_id=c.customer_id,
                vehicle_registered=True,
                registered_sale=c.sale,
            ),
            c.origin,
        )
        for c in commands
        if c.lead_id
    ]
    await publish(session, await learn_purchases(session, learned, now=now))
