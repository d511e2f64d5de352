"""How leads end: defeats and sales."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import DefeatRow, SaleRow
from lead_service.domain.defeat import Defeat
from lead_service.domain.interest import folded, model_key
from lead_service.domain.lead import Lead
from lead_service.domain.sale import (
    Cancellation,
    CancelReason,
    Finance,
    Powertrain,
    RecordedSale,
    Sale,
    TradeIn,
    Undone,
)
from lead_service.domain.stage import Stage

_APPROACHED = """
SELECT count(*) FILTER (WHERE lead_id = $2) AS attempts, max(reactivated_at) AS last_attempt_at FROM reactivation
WHERE dealer_id = $1 AND lead_id = ANY(ARRAY(
    SELECT $2::uuid UNION ALL SELECT id FROM lead WHERE dealer_id = $1 AND phone = $3 AND NOT phone_is_relay))
"""


async def add_defeat(session: AsyncSession, defeat: Defeat, lead: Lead, *, next_care_at: datetime) -> None:
    """The lead's defeat waits for a market signal that answers it, or for the first greeting.

    How often the lead was approached before it was reopened counts on, and when its person last was.
    """
    interest, phone = defeat.interest, lead.contact.identifying_phone
    [approached] = await fetch(session, _APPROACHED, defeat.dealer_id, defeat.lead_id, phone)
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
            budget_cents=interest.budget_cents,
            phone=phone,
            captured_at=lead.captured_at,
            defeated_at=defeat.defeated_at,
            next_care_at=next_care_at,
            attempts=approached["attempts"],
            last_attempt_at=approached["last_attempt_at"],
        )
    )


async def add_sale(session: AsyncSession, dealer_id: UUID, lead_id: UUID, record: RecordedSale) -> None:
    """The sale is on record."""
    await session.execute(
        insert(SaleRow).values(
            dealer_id=dealer_id,
            lead_id=lead_id,
            number=record.number,
            stage=record.stage,
            won_at=record.won_at,
            won_event_id=record.won_event_id,
            **asdict(record.sale),
        )
    )


async def sales_so_far(session: AsyncSession, dealer_id: UUID, lead_id: UUID) -> int:
    """The number of the lead's newest sale, undone or not; 0 before the first. The lead is locked by the caller."""
    query = select(func.max(SaleRow.number)).where(SaleRow.dealer_id == dealer_id, SaleRow.lead_id == lead_id)
    return await session.scalar(query) or 0


async def sales(session: AsyncSession, dealer_id: UUID, lead_id: UUID) -> list[RecordedSale]:
    """The lead's sales, newest first, those that were undone among them."""
    query = select(SaleRow.__table__).where(SaleRow.dealer_id == dealer_id, SaleRow.lead_id == lead_id)
    rows = (await session.execute(query.order_by(SaleRow.number.desc()))).mappings()
    return [_recorded(row) for row in rows]


async def current_sale(session: AsyncSession, dealer_id: UUID, lead_id: UUID) -> RecordedSale | None:
    """The lead's sale that holds, if there is one."""
    return next((sale for sale in await sales(session, dealer_id, lead_id) if sale.cancellation is None), None)


async def cancel_sale(session: AsyncSession, dealer_id: UUID, lead_id: UUID, undone: Undone) -> None:
    """The sale is on record as undone."""
    cancellation = undone.cancellation
    await session.execute(
        update(SaleRow)
        .where(SaleRow.dealer_id == dealer_id, SaleRow.lead_id == lead_id, SaleRow.number == undone.record.number)
        .values(
            cancel_reason=cancellation.reason,
            cancel_note=cancellation.note,
            cancelled_by=cancellation.cancelled_by,
            cancelled_at=cancellation.cancelled_at,
        )
        .execution_options(synchronize_session=False)
    )


def _recorded(row: RowMapping) -> RecordedSale:
    return RecordedSale(
        number=row["number"],
        sale=Sale(
            vin=row["vin"],
            make=row["make"],
            model=row["model"],
            trim=row["trim"],
            powertrain=Powertrain(row["powertrain"]),
            price_cents=row["price_cents"],
            odometer_km=row["odometer_km"],
            sold_at=row["sold_at"],
            trade_in=TradeIn(**row["trade_in"]) if row["trade_in"] else None,
            finance=Finance(**row["finance"]) if row["finance"] else None,
        ),
        stage=Stage(row["stage"]) if row["stage"] else None,
        won_at=row["won_at"],
        won_event_id=row["won_event_id"],
        cancellation=_cancellation(row),
    )


def _cancellation(row: RowMapping) -> Cancellation | None:
    if row["cancelled_at"] is None:
        return None
    return Cancellation(
        CancelReason(row["cancel_reason"]), row["cancel_note"], row["cancelled_by"], row["cancelled_at"]
    )
