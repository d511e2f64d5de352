"""Members: their account and their tier, one row each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from loyalty_service.db.rows import Key, insertion, keyed, unnested
from loyalty_service.db.tables import Member
from loyalty_service.domain.ledger import Account
from loyalty_service.domain.policy import Tier
from loyalty_service.domain.statements import Membership
from loyalty_service.domain.tiers import Standing


async def enrol(session: AsyncSession, keys: Iterable[Key], *, now: datetime) -> list[Key]:
    """Make members of those who are none yet; return them, sorted."""
    rows = [
        {
            "dealer_id": dealer_id,
            "customer_id": customer_id,
            "balance": 0,
            "entries": 0,
            "tier": Tier.MEMBER,
            "enrolled_at": now,
        }
        for dealer_id, customer_id in sorted(set(keys))
    ]
    if not rows:
        return []
    statement = insertion(Member, rows).on_conflict_do_nothing().returning(Member.dealer_id, Member.customer_id)
    return sorted((row.dealer_id, row.customer_id) for row in await session.execute(statement))


async def lock(session: AsyncSession, keys: Iterable[Key]) -> dict[Key, Account]:
    """The accounts of those who are members, locked until the transaction ends."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = await session.execute(
        _members(Member.balance, Member.entries, keys=wanted)
        .order_by(Member.dealer_id, Member.customer_id)
        .with_for_update(of=Member)
    )
    accounts = [Account(row.dealer_id, row.customer_id, row.balance, row.entries) for row in rows]
    return {(account.dealer_id, account.customer_id): account for account in accounts}


async def standings(session: AsyncSession, keys: Iterable[Key]) -> dict[Key, Standing]:
    """The tiers of those who are members."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = await session.execute(_members(Member.tier, Member.review_at, Member.grace_until, keys=wanted))
    return {(row.dealer_id, row.customer_id): Standing(Tier(row.tier), row.review_at, row.grace_until) for row in rows}


async def save_standings(session: AsyncSession, standings: Mapping[Key, Standing]) -> None:
    """Keep the tiers of members that are locked."""
    if not standings:
        return
    rows = [
        {
            "dealer_id": dealer_id,
            "customer_id": customer_id,
            "tier": standing.tier,
            "review_at": standing.review_at,
            "grace_until": standing.grace_until,
        }
        for (dealer_id, customer_id), standing in sorted(standings.items())
    ]
    new = unnested(Member, rows)
    await session.execute(
        update(Member)
        .where(Member.dealer_id == new.c.dealer_id, Member.customer_id == new.c.customer_id)
        .values(tier=new.c.tier, review_at=new.c.review_at, grace_until=new.c.grace_until)
        .execution_options(synchronize_session=False)
    )


async def lock_due_for_review(session: AsyncSession, *, now: datetime, limit: int) -> list[Key]:
    """Members whose tier is to be looked at again, locked; those that others hold are left to them."""
    rows = await session.execute(
        select(Member.dealer_id, Member.customer_id)
        .where(Member.review_at <= now)
        .order_by(Member.review_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [(row.dealer_id, row.customer_id) for row in rows]


async def find(session: AsyncSession, key: Key) -> Membership | None:
    """Where a member stands; None for a customer who is no member."""
    dealer_id, customer_id = key
    rows = await session.execute(
        select(Member.balance, Member.tier, Member.enrolled_at).where(
            Member.dealer_id == dealer_id, Member.customer_id == customer_id
        )
    )
    row = rows.one_or_none()
    return Membership(row.balance, Tier(row.tier), row.enrolled_at) if row else None


def _members(*columns: InstrumentedAttribute[Any], keys: Iterable[Key]) -> Select[Any]:
    given = keyed(Member, "customer_id", keys)
    return select(Member.dealer_id, Member.customer_id, *columns).join(
        given, (Member.dealer_id == given.c.dealer_id) & (Member.customer_id == given.c.customer_id)
    )
