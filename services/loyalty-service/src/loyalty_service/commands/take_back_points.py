"""Points that were given are taken back, because what they were given for was undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from baoke_events import PointsReversed
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.envelopes import envelope
from loyalty_service.commands.expire_points import end_due_lots
from loyalty_service.db import awards as db_awards
from loyalty_service.db import ledger as db_ledger
from loyalty_service.db import members as db_members
from loyalty_service.db.rows import Key
from loyalty_service.domain.awards import Award, Rule
from loyalty_service.domain.ledger import Account, Lot, Posted, take_back

REASON = "sale_cancelled"


class TakenBack(NamedTuple):
    """What is to be published, and what each (source event, customer) gave back."""

    events: list[Event]
    points: Mapping[tuple[UUID, UUID], int]


async def take_back_points(
    session: AsyncSession, rule: Rule, facts: Mapping[Key, Origin], *, now: datetime
) -> TakenBack:
    """What was given for these (dealer, source event) is taken back, once; return `PointsReversed` for each award.

    Points that were spent come out of the member's others. Nobody owes points: what no balance covers is the shortfall.
    """
    awards = await db_awards.given(session, rule, facts)
    members = {(award.dealer_id, award.customer_id) for award in awards}
    live = await end_due_lots(session, await db_members.lock(session, members), now=now)
    standing, lots = dict(live.accounts), {key: list(of_member) for key, of_member in live.lots.items()}
    posted: list[Posted] = []
    events: list[Event] = [*live.events]
    points: dict[tuple[UUID, UUID], int] = {}
    for award in awards:
        key = (award.dealer_id, award.customer_id)
        step = _step(standing[key], lots[key], award)
        if step:
            posted.append(step)
            standing[key], lots[key] = step.account, _left(lots[key], step)
        points[award.source_event_id, award.customer_id] = taken = -step.entry.points if step else 0
        origin = facts[award.dealer_id, award.source_event_id]
        events.append(_reversed(award, taken, standing[key], origin, now))
    await db_ledger.save(session, posted, recorded_at=now)
    await db_awards.reverse(session, awards)
    return TakenBack(events, points)


def _step(account: Account, lots: Sequence[Lot], award: Award) -> Posted | None:
    points = min(award.points, sum(lot.remaining for lot in lots))
    return take_back(account, lots, award.id, points, entry_id=uuid7()) if points else None


def _left(lots: Sequence[Lot], step: Posted) -> list[Lot]:
    after = {lot.award_id: lot for lot in step.lots}
    return [lot for lot in (after.get(lot.award_id, lot) for lot in lots) if lot.remaining]


def _reversed(award: Award, taken: int, account: Account, origin: Origin, now: datetime) -> PointsReversed:
    return PointsReversed(
        **envelope(award.dealer_id, origin, now),
        customer_id=award.customer_id,
        award_id=award.id,
        points=taken,
        shortfall=award.points - taken,
        rule=award.rule,
        source_event_id=award.source_event_id,
        balance=account.balance,
        reason=REASON,
    )
