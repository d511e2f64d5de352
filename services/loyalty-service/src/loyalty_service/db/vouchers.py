"""Vouchers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, update
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, fields_of, insertion, keyed, whole
from loyalty_service.db.tables import Voucher as VoucherRow
from loyalty_service.domain.vouchers import Voucher, VoucherSource, Worth


async def add(session: AsyncSession, vouchers: Sequence[Voucher]) -> list[Voucher]:
    """Keep new vouchers; return those whose customer has none, used or not, for the same thing already."""
    if not vouchers:
        return []
    statement = (
        insertion(VoucherRow, [_row(voucher) for voucher in vouchers])
        .on_conflict_do_nothing(
            index_elements=["dealer_id", "source", "source_id", "customer_id"],
            index_where=VoucherRow.voided_at.is_(None),
        )
        .returning(VoucherRow.id)
    )
    new = set(await session.scalars(statement))
    return [voucher for voucher in vouchers if voucher.id in new]


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


async def void(session: AsyncSession, referrals: Sequence[Key], *, at: datetime) -> dict[tuple[UUID, UUID], UUID]:
    """The vouchers of these (dealer, referral) that were not used are void; their ids by referral and customer."""
    given = keyed(VoucherRow, "source_id", referrals)
    rows = await session.execute(
        update(VoucherRow)
        .where(VoucherRow.dealer_id == given.c.dealer_id, VoucherRow.source_id == given.c.source_id)
        .where(VoucherRow.source == VoucherSource.REFERRAL)
        .where(VoucherRow.voided_at.is_(None), VoucherRow.redeemed_at.is_(None))
        .values(voided_at=at)
        .returning(VoucherRow.source_id, VoucherRow.customer_id, VoucherRow.id)
        .execution_options(synchronize_session=False)
    )
    return {(row.source_id, row.customer_id): row.id for row in rows}


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
        voided_at=row.voided_at,
    )
