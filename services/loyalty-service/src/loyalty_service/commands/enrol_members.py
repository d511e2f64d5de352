"""Customers become members."""

from collections.abc import Mapping
from datetime import datetime

from baoke_events import MemberEnrolled
from baoke_events.event import Event
from baoke_events.origin import Origin
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.envelopes import envelope
from loyalty_service.db import members as db_members
from loyalty_service.db.rows import Key
from loyalty_service.domain.ledger import Account
from loyalty_service.domain.policy import Tier


async def enrol_members(session: AsyncSession, customers: Mapping[Key, Origin], *, now: datetime) -> list[Event]:
    """Every customer is a member; return `MemberEnrolled` for those who were none."""
    new = await db_members.enrol(session, customers, now=now)
    return [
        MemberEnrolled(
            **envelope(dealer_id, customers[dealer_id, customer_id], now), customer_id=customer_id, tier=Tier.MEMBER
        )
        for dealer_id, customer_id in new
    ]


async def open_accounts(
    session: AsyncSession, customers: Mapping[Key, Origin], *, now: datetime
) -> tuple[dict[Key, Account], list[Event]]:
    """Every customer's account, locked, and what enrolling those who were no members caused."""
    enrolled = await enrol_members(session, customers, now=now)
    return await db_members.lock(session, customers), enrolled
