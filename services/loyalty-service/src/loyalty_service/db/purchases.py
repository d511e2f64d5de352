"""What leads bought, put together from what several topics say."""

from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, fields_of, insertion
from loyalty_service.db.tables import Purchase as PurchaseRow
from loyalty_service.db.tables import VehicleOwner
from loyalty_service.domain.purchases import Purchase, merged


async def learn(session: AsyncSession, parts: Sequence[Purchase]) -> list[Purchase]:
    """Add the parts to what is known; return all that is known now of these leads, sorted and locked."""
    known: dict[Key, Purchase] = {}
    for part in parts:
        key = (part.dealer_id, part.lead_id)
        known[key] = merged(known[key], part) if key in known else part
    if not known:
        return []
    addition = insertion(PurchaseRow, [fields_of(known[key]) for key in sorted(known)])
    said = addition.excluded
    told = ("won_event_id", "won_at", "vin", "customer_id")
    statement = addition.on_conflict_do_update(
        index_elements=["dealer_id", "lead_id"],
        set_={
            **{name: func.coalesce(PurchaseRow.__table__.c[name], said[name]) for name in told},
            "vehicle_registered": PurchaseRow.vehicle_registered | said.vehicle_registered,
        },
    ).returning(*PurchaseRow.__table__.c)
    rows = await session.execute(statement)
    return sorted((Purchase(**row) for row in rows.mappings()), key=lambda p: (p.dealer_id, p.lead_id))


async def note_owners(session: AsyncSession, owners: Sequence[tuple[Key, str]]) -> None:
    """Keep that each ((dealer, customer), VIN) has, or had, the vehicle."""
    rows = [
        {"dealer_id": dealer_id, "vin": vin, "customer_id": customer_id}
        for (dealer_id, customer_id), vin in sorted(set(owners))
    ]
    if rows:
        await session.execute(insertion(VehicleOwner, rows).on_conflict_do_nothing())
