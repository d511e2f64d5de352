"""What members did that counts for their tier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, fields_of, insertion, keyed, unnested
from loyalty_service.db.tables import TierActivity
from loyalty_service.domain.tiers import Activity, ActivityKind


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing a member did."""

    dealer_id: UUID
    customer_id: UUID
    source_event_id: UUID
    kind: ActivityKind
    amount_cents: int
    occurred_at: datetime


async def add(session: AsyncSession, deeds: Sequence[Deed]) -> None:
    """Keep each deed once, however often its event is told."""
    if deeds:
        await session.execute(insertion(TierActivity, [fields_of(deed) for deed in deeds]).on_conflict_do_nothing())


async def remove(session: AsyncSession, facts: Sequence[Key]) -> None:
    """The deeds of these (dealer, source event) were undone."""
    if facts:
        gone = keyed(TierActivity, "source_event_id", facts)
        same = TierActivity.dealer_id == gone.c.dealer_id, TierActivity.source_event_id == gone.c.source_event_id
        await session.execute(delete(TierActivity).where(*same).execution_options(synchronize_session=False))


async def since(session: AsyncSession, starts: Mapping[Key, datetime]) -> dict[Key, Activity]:
    """What each member did from the given instant on."""
    if not starts:
        return {}
    rows = [
        {"dealer_id": dealer_id, "customer_id": customer_id, "occurred_at": start}
        for (dealer_id, customer_id), start in starts.items()
    ]
    given = unnested(TierActivity, rows)
    sums = await session.execute(
        select(
            TierActivity.dealer_id,
            TierActivity.customer_id,
            func.sum(TierActivity.amount_cents).label("spend_cents"),
            func.count().filter(TierActivity.kind == ActivityKind.SERVICE).label("services"),
            func.count().filter(TierActivity.kind == ActivityKind.REFERRAL).label("referrals"),
            func.min(TierActivity.occurred_at).label("oldest_at"),
        )
        .join(
            given,
            (TierActivity.dealer_id == given.c.dealer_id)
            & (TierActivity.customer_id == given.c.customer_id)
            & (TierActivity.occurred_at >= given.c.occurred_at),
        )
        .group_by(TierActivity.dealer_id, TierActivity.customer_id)
    )
    done = {
        (row.dealer_id, row.customer_id): Activity(int(row.spend_cents), row.services, row.referrals, row.oldest_at)
        for row in sums
    }
    return {key: done.get(key, Activity()) for key in starts}
