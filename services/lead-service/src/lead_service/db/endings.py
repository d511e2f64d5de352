"""How leads end: defeats and sales."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import DefeatRow, SaleRow
from lead_service.domain.defeat import Defeat
from lead_service.domain.interest import folded, model_key
from lead_service.domain.sale import Sale


async def add_defeat(session: AsyncSession, defeat: Defeat) -> None:
    """The defeat waits for a market signal that answers it."""
    interest = defeat.interest
    await session.execute(
        insert(DefeatRow).values(
            dealer_id=defeat.dealer_id,
            lead_id=defeat.lead_id,
            store_id=defeat.store_id,
            reason=defeat.reason,
            competitor=defeat.competitor,
            competitor_key=folded(defeat.competitor) if defeat.competitor else None,
            note=defeat.note,
            stage=defeat.stage,
            grade=defeat.grade,
            make=interest.make,
            model=interest.model,
            trim=interest.trim,
            model_key=model_key(interest.make, interest.model),
            trim_key=folded(interest.trim) if interest.trim else None,
            defeated_at=defeat.defeated_at,
        )
    )


async def add_sale(session: AsyncSession, dealer_id: UUID, lead_id: UUID, sale: Sale) -> None:
    """The sale is on record."""
    await session.execute(insert(SaleRow).values(dealer_id=dealer_id, lead_id=lead_id, **asdict(sale)))
