"""Members' tiers follow what they did."""

from collections.abc import Mapping
from datetime import datetime

from baoke_chassis.policy import policy_of
from baoke_events import TierChanged
from baoke_events.event import Event
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.envelopes import envelope
from loyalty_service.db import activities as db_activities
from loyalty_service.db import members as db_members
from loyalty_service.db.rows import Key
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.tiers import assess, window_start


async def assess_tiers(session: AsyncSession, members: Mapping[Key, Origin], *, now: datetime) -> list[Event]:
    """Each member, locked by the caller, has the tier that follows; return `TierChanged` where it is another."""
    policies = await policy_of(session, {dealer_id for dealer_id, _ in members}, LoyaltyPolicy)
    before = await db_members.standings(session, members)
    starts = {key: window_start(now, policies[key[0]].tiers) for key in before}
    done = await db_activities.since(session, starts)
    after = {key: assess(before[key], done[key], policies[key[0]].tiers, now=now) for key in before}
    await db_members.save_standings(session, {key: new for key, new in after.items() if new != before[key]})
    return [
        TierChanged(
            **envelope(key[0], members[key], now),
            customer_id=key[1],
            from_tier=before[key].tier,
            to_tier=after[key].tier,
        )
        for key in sorted(after)
        if after[key].tier is not before[key].tier
    ]


async def review_tiers(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Members whose tier was due for a look had one; return how many."""
    due = await db_members.lock_due_for_review(session, now=now, limit=limit)
    origin = Origin.now()
    await publish(session, await assess_tiers(session, dict.fromkeys(due, origin), now=now))
    return len(due)
