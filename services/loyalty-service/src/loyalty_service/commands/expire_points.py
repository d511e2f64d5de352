"""Points end at the end of their life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from baoke_events import PointsExpired
from baoke_events.event import Event
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.envelopes import envelope
from loyalty_service.db import awards as db_awards
from loyalty_service.db import ledger as db_ledger
from loyalty_service.db import members as db_members
from loyalty_service.db.rows import Key
from loyalty_service.domain.ledger import Account, Lot, Posted, expire


@dataclass(frozen=True, slots=True)
class Ended:
    """The accounts and their lots once nothing in them is past its end, and what is to be published."""

    accounts: Mapping[Key, Account]
    lots: Mapping[Key, list[Lot]]
    events: list[Event]


async def expire_points(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Up to `limit` lots past their end are ended; return how many members that were.

    The lots are read again once their members are locked: a member may have spent them meanwhile.
    """
    members = await db_awards.members_with_due_lots(session, now=now, limit=limit)
    ended = await end_due_lots(session, await db_members.lock(session, members), now=now)
    await publish(session, ended.events)
    return len(members)


async def end_due_lots(session: AsyncSession, accounts: Mapping[Key, Account], *, now: datetime) -> Ended:
    """Every lot of these locked accounts that is past its end is ended."""
    held = await db_awards.lots(session, accounts)
    due = {key: [lot for lot in lots if lot.expires_at <= now] for key, lots in held.items()}
    live = {key: [lot for lot in lots if lot.expires_at > now] for key, lots in held.items()}
    posted = [expire(accounts[key], due[key], entry_id=uuid7()) for key in sorted(due) if due[key]]
    await db_ledger.save(session, posted, recorded_at=now)
    after = {(step.account.dealer_id, step.account.customer_id): step.account for step in posted}
    return Ended({**accounts, **after}, live, [_expired(step, now) for step in posted])


def _expired(posted: Posted, now: datetime) -> PointsExpired:
    return PointsExpired(
        **envelope(posted.account.dealer_id, Origin.now(), now),
        customer_id=posted.account.customer_id,
        points=-posted.entry.points,
        balance=posted.account.balance,
    )
