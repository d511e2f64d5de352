"""Which sale made a vehicle whose, and whose it was before."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import arrays, insert_of
from customer_service.db.tables import HandoverRow
from customer_service.domain.customers import Key
from customer_service.domain.leads import UndoneSale


class Handover(NamedTuple):
    """A vehicle that a sale of a lead made a customer's, and its owner before, if another customer was."""

    dealer_id: UUID
    lead_id: UUID
    sale_number: int
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    vin: str
    make: str
    model: str
    former_customer_id: UUID | None
    former_store_id: UUID | None
    former_purchased_on: date | None
    former_purchase_km: int | None

    @property
    def vehicle(self) -> Key:
        """The dealer and the vehicle."""
        return self.dealer_id, self.vehicle_id

    @property
    def owner(self) -> Key:
        """The dealer and the customer whose it became."""
        return self.dealer_id, self.customer_id


_ADD = insert_of(HandoverRow.__table__, "ON CONFLICT DO NOTHING")
_TAKE = text(f"""
DELETE FROM handover
USING unnest(CAST(:dealers AS uuid[]), CAST(:leads AS uuid[]), CAST(:sales AS smallint[]))
      AS undone (dealer_id, lead_id, sale_number)
WHERE handover.dealer_id = undone.dealer_id AND handover.lead_id = undone.lead_id
  AND handover.sale_number <= undone.sale_number
RETURNING {", ".join(f"handover.{name}" for name in Handover._fields)}
""")
_PASS_ON = text("""
UPDATE handover SET former_customer_id = undone.former_customer_id, former_store_id = undone.former_store_id,
    former_purchased_on = undone.former_purchased_on, former_purchase_km = undone.former_purchase_km
FROM unnest(
    CAST(:dealer_id AS uuid[]), CAST(:vehicle_id AS uuid[]), CAST(:customer_id AS uuid[]),
    CAST(:former_customer_id AS uuid[]), CAST(:former_store_id AS uuid[]), CAST(:former_purchased_on AS date[]),
    CAST(:former_purchase_km AS integer[])
) AS undone (dealer_id, vehicle_id, customer_id, former_customer_id, former_store_id, former_purchased_on,
             former_purchase_km)
WHERE handover.dealer_id = undone.dealer_id AND handover.vehicle_id = undone.vehicle_id
  AND handover.former_customer_id = undone.customer_id
""")
_PASSED_ON = (
    "dealer_id",
    "vehicle_id",
    "customer_id",
    "former_customer_id",
    "former_store_id",
    "former_purchased_on",
    "former_purchase_km",
)


async def add(session: AsyncSession, handovers: Sequence[Handover]) -> None:
    """Keep what the sales did."""
    if handovers:
        await session.execute(_ADD, arrays([handover._asdict() for handover in handovers]))


async def take(session: AsyncSession, undone: Iterable[UndoneSale]) -> list[Handover]:
    """Forget and return what the undone sales did.

    Who got one of the vehicles after such a sale has it from whoever had it before that sale.
    """
    ordered = sorted(undone, key=lambda sale: sale.key)
    asked = {
        "dealers": [sale.dealer_id for sale in ordered],
        "leads": [sale.lead_id for sale in ordered],
        "sales": [sale.sale_number for sale in ordered],
    }
    taken = [Handover._make(row) for row in await session.execute(_TAKE, asked)]
    if taken:
        passed_on = [{name: getattr(handover, name) for name in _PASSED_ON} for handover in taken]
        await session.execute(_PASS_ON, arrays(passed_on))
    return taken
