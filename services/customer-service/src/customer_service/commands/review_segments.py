"""Put customers into the segment their recency, frequency and money name."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import SegmentChanged
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.db import customers as db_customers
from customer_service.db import visits as db_visits
from customer_service.domain.customers import Key
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.segments import next_review_at, segment_of


async def review_due_segments(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Decide anew the segments that the passing of time may have changed; return how many were due."""
    due = await db_customers.claim_due_for_review(session, now=now, limit=limit)
    await announce(session, await decide_segments(session, dict.fromkeys(due), now=now))
    return len(due)


async def decide_segments(
    session: AsyncSession, customers: Mapping[Key, UUID | None], *, now: datetime
) -> list[SegmentChanged]:
    """Store each customer's segment of now and return what is to be said about those it changed for.

    Each customer comes with the event that made the segment worth a look, or None.
    """
    standings = await db_customers.lock_standings(session, customers)
    if not standings:
        return []
    policies = await policy_of(session, {s.dealer_id for s in standings}, CustomerPolicy)
    window_of = {dealer: timedelta(days=policy.segments.window_days) for dealer, policy in policies.items()}
    numbers = await db_visits.rfm_of(session, {s.key: now - window_of[s.dealer_id] for s in standings})
    decided, changes = [], []
    for standing in standings:
        rfm, policy = numbers[standing.key], policies[standing.dealer_id]
        segment = segment_of(rfm, policy.segments, now=now, today=policy.local_date(now))
        decided.append((standing.key, segment, next_review_at(rfm, policy.segments, now=now, zone=policy.zone)))
        if segment is not standing.segment:
            changes.append(
                SegmentChanged(
                    dealer_id=standing.dealer_id,
                    occurred_at=now,
                    causation_id=customers[standing.key],
                    customer_id=standing.customer_id,
                    store_id=standing.store_id,
                    from_segment=standing.segment,
                    to_segment=segment,
                )
            )
    await db_customers.set_segments(session, decided)
    return changes
