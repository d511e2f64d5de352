"""Which sale made a vehicle whose, and whose it was before."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import arrays, insert_of
from customer_service.db.tables import HandoverRow
from customer_service.domain.customers import Key
from customer_service.domain.handovers import Handover
from customer_service.domain.vehicles import Ownership

_KEY = ("dealer_id", "lead_id", "sale_number", "vehicle_id")
_TOLD = Handover._fields[:-1]
_FORMER = tuple(f"former_{name}" for name in Ownership._fields)

_PUT = insert_of(
    HandoverRow.__table__,
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _FORMER)}",
    without=("position",),
)
_CHAINS = text(f"""
SELECT {", ".join(_TOLD + _FORMER)} FROM handover
WHERE (dealer_id, vehicle_id) IN (
    SELECT h.dealer_id, h.vehicle_id FROM handover AS h
    JOIN unnest(CAST(:dealers AS uuid[]), CAST(:leads AS uuid[]), CAST(:sales AS smallint[]))
         AS undone (dealer_id, lead_id, sale_number)
      ON h.dealer_id = undone.dealer_id AND h.lead_id = undone.lead_id AND h.sale_number <= undone.sale_number
)
ORDER BY dealer_id, vehicle_id, position
""")
_REMOVE = text("""
DELETE FROM handover USING unnest(
    CAST(:dealer_id AS uuid[]), CAST(:lead_id AS uuid[]), CAST(:sale_number AS smallint[]), CAST(:vehicle_id AS uuid[])
) AS key (dealer_id, lead_id, sale_number, vehicle_id)
WHERE (handover.dealer_id, handover.lead_id, handover.sale_number, handover.vehicle_id)
    = (key.dealer_id, key.lead_id, key.sale_number, key.vehicle_id)
""")


async def put(session: AsyncSession, handovers: Sequence[Handover]) -> None:
    """Keep what the sales did, in this order; of one that is kept already, only whose the vehicle was before.

    The vehicles are locked, so that each one's handovers stand in the order in which they happened.
    """
    if handovers:
        await session.execute(_PUT, arrays([_row(handover) for handover in handovers]))


async def chains(session: AsyncSession, undone: Mapping[Key, int]) -> list[list[Handover]]:
    """Return all handovers, oldest first, of each vehicle that a sale up to the given number of these leads was of."""
    ordered = sorted(undone.items())
    asked = {
        "dealers": [dealer_id for (dealer_id, _), _ in ordered],
        "leads": [lead_id for (_, lead_id), _ in ordered],
        "sales": [sale_number for _, sale_number in ordered],
    }
    rows = [_handover(row) for row in await session.execute(_CHAINS, asked)]
    return [list(chain) for _, chain in groupby(rows, key=lambda handover: handover.vehicle)]


async def remove(session: AsyncSession, handovers: Collection[Handover]) -> None:
    """Forget what the sales did. The vehicles are locked."""
    if handovers:
        await session.execute(_REMOVE, arrays([{name: getattr(h, name) for name in _KEY} for h in handovers]))


def _row(handover: Handover) -> dict[str, Any]:
    former = handover.former or (None,) * len(_FORMER)
    return {name: getattr(handover, name) for name in _TOLD} | dict(zip(_FORMER, former, strict=True))


def _handover(row: Row[Any]) -> Handover:
    told, former = row[: len(_TOLD)], row[len(_TOLD) :]
    return Handover._make((*told, Ownership._make(former) if former[0] else None))
