"""What workshops say of themselves, and which of their bays are taken."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db.tables import SlotClaimRow, WorkshopRow
from service_reminder.domain.slots import Workshop


async def find(session: AsyncSession, dealer_id: UUID, store_id: UUID) -> tuple[Workshop, int] | None:
    """Read what a store's workshop said of itself, and which version that is; None if it said nothing."""
    row = (await session.execute(_one(dealer_id, store_id))).one_or_none()
    return (_workshop(row), row.version) if row else None


async def lock(session: AsyncSession, dealer_id: UUID, store_id: UUID) -> tuple[Workshop, int] | None:
    """Read the same, and keep others from changing it meanwhile."""
    row = (await session.execute(_one(dealer_id, store_id).with_for_update())).one_or_none()
    return (_workshop(row), row.version) if row else None


async def put(session: AsyncSession, dealer_id: UUID, store_id: UUID, workshop: Workshop) -> int:
    """Store what a workshop says of itself and return the version that it is."""
    values = {**asdict(workshop), "open_days": list(workshop.open_days)}
    statement = insert(WorkshopRow).values(dealer_id=dealer_id, store_id=store_id, version=1, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["dealer_id", "store_id"], set_={**values, "version": WorkshopRow.version + 1}
    )
    version: int = (await session.execute(statement.returning(WorkshopRow.version))).scalar_one()
    return version


async def taken(
    session: AsyncSession, dealer_id: UUID, store_id: UUID, *, since: datetime, until: datetime
) -> Counter[datetime]:
    """Count the bays taken in each slot that starts from `since` up to `until`."""
    query = (
        select(SlotClaimRow.starts_at, func.count().label("bays"))
        .where(
            SlotClaimRow.dealer_id == dealer_id,
            SlotClaimRow.store_id == store_id,
            SlotClaimRow.starts_at.between(since, until),
        )
        .group_by(SlotClaimRow.starts_at)
    )
    return Counter({row.starts_at: row.bays for row in await session.execute(query)})


_CLAIM = text("""
WITH free AS (
    SELECT bay FROM generate_series(1, CAST(:bays AS int)) AS bay
    WHERE NOT EXISTS (
        SELECT FROM slot_claim AS c
        WHERE c.dealer_id = :dealer_id AND c.store_id = :store_id AND c.starts_at = :starts_at AND c.bay = bay.bay
    )
    ORDER BY bay LIMIT 1
), claimed AS (
    INSERT INTO slot_claim (dealer_id, store_id, starts_at, bay, appointment_id)
    SELECT :dealer_id, :store_id, :starts_at, free.bay, :appointment_id FROM free
    ON CONFLICT DO NOTHING RETURNING bay
)
SELECT claimed.bay FROM free LEFT JOIN claimed ON true
""")


async def claim_bay(
    session: AsyncSession, dealer_id: UUID, store_id: UUID, starts_at: datetime, *, bays: int, appointment_id: UUID
) -> int | None:
    """Take a free bay of the slot and return it; None if all are taken.

    Another's claim of the same bay is waited for; if it stands, the next free bay is tried. So there is at most one
    round per bay.
    """
    claim = {
        "dealer_id": dealer_id,
        "store_id": store_id,
        "starts_at": starts_at,
        "bays": bays,
        "appointment_id": appointment_id,
    }
    while row := (await session.execute(_CLAIM, claim)).one_or_none():
        if row.bay is not None:
            return int(row.bay)
    return None


async def release_bay(session: AsyncSession, dealer_id: UUID, store_id: UUID, starts_at: datetime, bay: int) -> None:
    """Free a bay."""
    await session.execute(
        delete(SlotClaimRow).where(
            SlotClaimRow.dealer_id == dealer_id,
            SlotClaimRow.store_id == store_id,
            SlotClaimRow.starts_at == starts_at,
            SlotClaimRow.bay == bay,
        )
    )


def _one(dealer_id: UUID, store_id: UUID) -> Select[Any]:
    return select(WorkshopRow.__table__).where(WorkshopRow.dealer_id == dealer_id, WorkshopRow.store_id == store_id)


def _workshop(row: Any) -> Workshop:
    return Workshop(
        bays=row.bays,
        opens=row.opens,
        closes=row.closes,
        slot_minutes=row.slot_minutes,
        open_days=tuple(row.open_days),
        hold_minutes=row.hold_minutes,
    )
