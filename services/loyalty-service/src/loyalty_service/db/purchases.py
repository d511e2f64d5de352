"""What leads bought, put together from what several topics say."""

from collections.abc import Sequence

from sqlalchemy import case, delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, fields_of, insertion, unnested
from loyalty_service.db.tables import Purchase as PurchaseRow
from loyalty_service.db.tables import VehicleOwner
from loyalty_service.domain.purchases import Purchase, merged

_OF_SALE = ("won_event_id", "won_at", "vin", "sale")


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
    known_row = PurchaseRow.__table__.c
    is_newer = said.won_event_id.is_not(None) & (known_row.won_event_id.is_(None) | (said.sale > known_row.sale))
    statement = addition.on_conflict_do_update(
        index_elements=["dealer_id", "lead_id"],
        set_={
            **{name: case((is_newer, said[name]), else_=known_row[name]) for name in _OF_SALE},
            "customer_id": func.coalesce(known_row.customer_id, said.customer_id),
            "vehicle_registered": PurchaseRow.vehicle_registered | said.vehicle_registered,
            "registered_sale": func.greatest(known_row.registered_sale, said.registered_sale),
            "cancelled_sale": func.greatest(known_row.cancelled_sale, said.cancelled_sale),
        },
    ).returning(*PurchaseRow.__table__.c)
    rows = await session.execute(statement)
    return sorted((Purchase(**row) for row in rows.mappings()), key=lambda p: (p.dealer_id, p.lead_id))


async def forget_owners(session: AsyncSession, owners: Sequence[tuple[Key, str]]) -> None:
    """The sale that made each ((dealer, customer), VIN) an owner was undone: they never had the vehicle."""
    rows = [
        {"dealer_id": dealer_id, "vin": vin, "customer_id": customer_id}
        for (dealer_id, customer_id), vin in sorted(set(owners))
    ]
    if rows:
        gone = unnested(VehicleOwner, rows)
        same = [VehicleOwner.__table__.c[name] == gone.c[name] for name in rows[0]]
        await session.execute(delete(VehicleOwner).where(*same).execution_options(synchronize_session=False))


async def note_owners(session: AsyncSession, owners: Sequence[tuple[Key, str]]) -> None:
    """Keep that each ((dealer, customer), VIN) has, or had, the vehicle."""
    rows = [
        {"dealer_id": dealer_id, "vin": vin, "customer_id": customer_id}
        for (dealer_id, customer_id), vin in sorted(set(owners))
    ]
    if rows:
        await session.execute(insertion(VehicleOwner, rows).on_conflict_do_nothing())
