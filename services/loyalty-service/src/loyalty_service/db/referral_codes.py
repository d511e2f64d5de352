"""Members' referral codes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, unnested, whole
from loyalty_service.db.tables import ReferralCode


async def claim(session: AsyncSession, key: Key, code: str, *, now: datetime) -> str:
    """The member's code: the one they have, else this new one."""
    dealer_id, customer_id = key
    await session.execute(
        insert(ReferralCode)
        .values(dealer_id=dealer_id, code=code, customer_id=customer_id, created_at=now)
        .on_conflict_do_nothing(index_elements=["dealer_id", "customer_id"])
    )
    found = await session.scalar(
        select(ReferralCode.code).where(ReferralCode.dealer_id == dealer_id, ReferralCode.customer_id == customer_id)
    )
    return found or code


async def owners(session: AsyncSession, codes: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    """Whose each (dealer, code) is; codes that nobody has are absent."""
    wanted = [{"dealer_id": dealer_id, "code": code} for dealer_id, code in set(codes)]
    if not wanted:
        return {}
    given = unnested(ReferralCode, wanted)
    rows = await session.execute(
        whole(ReferralCode).join(
            given, (ReferralCode.dealer_id == given.c.dealer_id) & (ReferralCode.code == given.c.code)
        )
    )
    return {(row.dealer_id, row.code): row.customer_id for row in rows}
