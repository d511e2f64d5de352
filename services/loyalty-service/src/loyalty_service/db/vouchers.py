"""Vouchers."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import fields_of, insertion, whole
from loyalty_service.db.tables import Voucher as VoucherRow
from loyalty_service.domain.vouchers import Voucher, VoucherSource, Worth


async def add(session: AsyncSession, vouchers: Sequence[Voucher]) -> None:
    """Keep new vouchers."""
    if vouchers:
        await session.execute(insertion(VoucherRow, [_row(voucher) for voucher in vouchers]))


async def lock(session: AsyncSession, dealer_id: UUID, code: str) -> Voucher | None:
    """The voucher with this code, locked until the transaction ends."""
    rows = await session.execute(
        whole(VoucherRow).where(VoucherRow.dealer_id == dealer_id, VoucherRow.code == code).with_for_update()
    )
    row = rows.one_or_none()
    return _voucher(row) if row else None


async def save_use(session: AsyncSession, voucher: Voucher) -> None:
    """Keep who used a locked voucher and when."""
    await session.execute(
        update(VoucherRow)
        .where(VoucherRow.dealer_id == voucher.dealer_id, VoucherRow.id == voucher.id)
        .values(redeemed_at=voucher.redeemed_at, redeemed_by=voucher.redeemed_by)
        .execution_options(synchronize_session=False)
    )


async def page(
    session: AsyncSession, dealer_id: UUID, customer_id: UUID, *, below: UUID | None, limit: int
) -> list[Voucher]:
    """Up to `limit` of a customer's vouchers with an id under `below`, newest first."""
    chosen = whole(VoucherRow).where(VoucherRow.dealer_id == dealer_id, VoucherRow.customer_id == customer_id)
    if below is not None:
        chosen = chosen.where(VoucherRow.id < below)
    return [_voucher(row) for row in await session.execute(chosen.order_by(VoucherRow.id.desc()).limit(limit))]


def _row(voucher: Voucher) -> Mapping[str, Any]:
    row = fields_of(voucher) | fields_of(voucher.worth)
    del row["worth"]
    return row


def _voucher(row: Row[Any]) -> Voucher:
    return Voucher(
        id=row.id,
        dealer_id=row.dealer_id,
        customer_id=row.customer_id,
        code=row.code,
        worth=Worth(row.kind, row.value_cents, row.currency),
        source=VoucherSource(row.source),
        source_id=row.source_id,
        issued_at=row.issued_at,
        expires_on=row.expires_on,
        redeemed_at=row.redeemed_at,
        redeemed_by=row.redeemed_by,
    )
