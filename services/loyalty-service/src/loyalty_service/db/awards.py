"""Awards: given once per fact, and the lots that spends draw from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, insertion, keyed, unnested, whole
from loyalty_service.db.tables import Award as AwardRow
from loyalty_service.domain.awards import Award, AwardState, Life, Rule
from loyalty_service.domain.ledger import Lot
from loyalty_service.domain.statements import Ending


async def add(session: AsyncSession, awards: Sequence[Award]) -> list[Award]:
    """Keep the awards; return those whose fact was not rewarded before, in the order given."""
    if not awards:
        return []
    statement = (
        insertion(AwardRow, [_row(award) for award in awards])
        .on_conflict_do_nothing(constraint="uq_award_fact")
        .returning(AwardRow.id)
    )
    new = set(await session.scalars(statement))
    return [award for award in awards if award.id in new]


async def pending(session: AsyncSession, rule: Rule, sources: Iterable[Key]) -> list[Award]:
    """The awards promised for these (dealer, source event), oldest first."""
    wanted = set(sources)
    if not wanted:
        return []
    given = keyed(AwardRow, "source_event_id", wanted)
    rows = await session.execute(
        whole(AwardRow)
        .join(
            given,
            (AwardRow.dealer_id == given.c.dealer_id) & (AwardRow.source_event_id == given.c.source_event_id),
        )
        .where(AwardRow.rule == rule, AwardRow.state == AwardState.PENDING)
        .order_by(AwardRow.id)
    )
    return [_award(row) for row in rows]


async def given(session: AsyncSession, rule: Rule, sources: Iterable[Key]) -> list[Award]:
    """The awards given for these (dealer, source event) and not taken back, whether spent or not, oldest first."""
    wanted = set(sources)
    if not wanted:
        return []
    of_source = keyed(AwardRow, "source_event_id", wanted)
    same = (AwardRow.dealer_id == of_source.c.dealer_id) & (AwardRow.source_event_id == of_source.c.source_event_id)
    rows = await session.execute(
        whole(AwardRow)
        .join(of_source, same)
        .where(AwardRow.rule == rule, AwardRow.state.not_in((AwardState.PENDING, AwardState.REVERSED)))
        .order_by(AwardRow.id)
    )
    return [_award(row) for row in rows]


async def activate(session: AsyncSession, awards: Sequence[Award]) -> None:
    """Let promised points live the lives that the awards now have."""
    if not awards:
        return
    new = unnested(AwardRow, [_row(award) for award in awards])
    await session.execute(
        update(AwardRow)
        .where(AwardRow.dealer_id == new.c.dealer_id, AwardRow.id == new.c.id)
        .values({name: new.c[name] for name in ("state", "remaining", "earned_at", "expires_on", "expires_at")})
        .execution_options(synchronize_session=False)
    )


async def reverse(session: AsyncSession, awards: Sequence[Award]) -> None:
    """Take promised points back before they count."""
    if not awards:
        return
    given = keyed(AwardRow, "id", [(award.dealer_id, award.id) for award in awards])
    await session.execute(
        update(AwardRow)
        .where(AwardRow.dealer_id == given.c.dealer_id, AwardRow.id == given.c.id)
        .values(state=AwardState.REVERSED)
        .execution_options(synchronize_session=False)
    )


async def lots(session: AsyncSession, keys: Iterable[Key]) -> dict[Key, list[Lot]]:
    """What is left of each member's awards, first-expiring first. The members must be locked."""
    wanted = set(keys)
    if not wanted:
        return {}
    given = keyed(AwardRow, "customer_id", wanted)
    rows = await session.execute(
        select(AwardRow.dealer_id, AwardRow.customer_id, AwardRow.id, AwardRow.remaining, AwardRow.expires_at)
        .join(given, (AwardRow.dealer_id == given.c.dealer_id) & (AwardRow.customer_id == given.c.customer_id))
        .where(AwardRow.state == AwardState.ACTIVE)
        .order_by(AwardRow.expires_at, AwardRow.id)
    )
    found: dict[Key, list[Lot]] = {key: [] for key in wanted}
    for row in rows:
        found[row.dealer_id, row.customer_id].append(Lot(row.id, row.remaining, row.expires_at))
    return found


async def members_with_due_lots(session: AsyncSession, *, now: datetime, limit: int) -> set[Key]:
    """Some of the members who hold points past their end."""
    due = (
        select(AwardRow.dealer_id, AwardRow.customer_id)
        .where(AwardRow.state == AwardState.ACTIVE, AwardRow.expires_at <= now)
        .order_by(AwardRow.expires_at)
        .limit(limit)
    )
    return {(row.dealer_id, row.customer_id) for row in await session.execute(due)}


async def pending_points(session: AsyncSession, key: Key) -> int:
    """Points that are promised to a member and not yet in the balance."""
    dealer_id, customer_id = key
    total = select(func.coalesce(func.sum(AwardRow.points), 0)).where(
        AwardRow.dealer_id == dealer_id, AwardRow.customer_id == customer_id, AwardRow.state == AwardState.PENDING
    )
    return int(await session.scalar(total) or 0)


async def expiring(session: AsyncSession, key: Key, *, until: datetime) -> list[Ending]:
    """A member's points that end by `until`, soonest first."""
    dealer_id, customer_id = key
    rows = await session.execute(
        select(AwardRow.expires_on, func.sum(AwardRow.remaining).label("points"))
        .where(
            AwardRow.dealer_id == dealer_id,
            AwardRow.customer_id == customer_id,
            AwardRow.state == AwardState.ACTIVE,
            AwardRow.expires_at <= until,
        )
        .group_by(AwardRow.expires_on)
        .order_by(AwardRow.expires_on)
    )
    return [Ending(row.expires_on, int(row.points)) for row in rows if row.expires_on]


def _row(award: Award) -> Mapping[str, Any]:
    life = award.life
    return {
        "dealer_id": award.dealer_id,
        "id": award.id,
        "customer_id": award.customer_id,
        "programme": award.programme,
        "rule": award.rule,
        "source_event_id": award.source_event_id,
        "points": award.points,
        "remaining": award.points if award.state is AwardState.ACTIVE else 0,
        "state": award.state,
        "earned_at": life.earned_at if life else None,
        "expires_on": life.expires_on if life else None,
        "expires_at": life.expires_at if life else None,
    }


def _award(row: Row[Any]) -> Award:
    life = None
    if row.earned_at and row.expires_on and row.expires_at:
        life = Life(row.earned_at, row.expires_on, row.expires_at)
    return Award(
        id=row.id,
        dealer_id=row.dealer_id,
        customer_id=row.customer_id,
        programme=row.programme,
        rule=Rule(row.rule),
        source_event_id=row.source_event_id,
        points=row.points,
        state=AwardState(row.state),
        life=life,
    )
