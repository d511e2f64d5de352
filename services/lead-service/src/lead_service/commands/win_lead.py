"""Selling a car to a lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import rules_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.hold_test_drive import call_off_test_drives
from lead_service.db import defeat_requests as db_requests
from lead_service.db import endings as db_endings
from lead_service.db import leads as db_leads
from lead_service.domain.lead import Lead, close
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.response import answer
from lead_service.domain.sale import RecordedSale, Sale, refer
from lead_service.domain.stage import Stage


@dataclass(frozen=True, slots=True)
class WinLead:
    """Record the sale that a lead came to. `stores` are those it may be in; None is all.

    `referral_code` is the member's code that the buyer names only now.
    """

    dealer_id: UUID
    lead_id: UUID
    sale: Sale
    referral_code: str | None = None
    stores: Collection[UUID] | None = None


async def win_lead(session: AsyncSession, command: WinLead, *, now: datetime) -> Lead:
    """The lead is closed as won and the sale is on record. A wish to give it up has lapsed.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        LeadClosed: the lead is won or defeated.
        ReferralKnown: the lead came with another member's code.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    policy = await rules_of(session, before.dealer_id, LeadPolicy)
    after = refer(close(answer(before, policy.working, at=now), Stage.WON, at=now), command.referral_code)
    number = 1 + await db_endings.sales_so_far(session, after.dealer_id, after.id)
    won = facts.won(after, command.sale, number=number, at=now)
    await db_leads.save(session, [after], at=now)
    await db_requests.lapse(session, after.dealer_id, after.id, at=now)
    await db_endings.add_sale(
        session, after.dealer_id, after.id, RecordedSale(number, command.sale, before.stage, now, won.id)
    )
    called_off = await call_off_test_drives(session, after, now=now)
    moved = facts.stage_changed(before, after, at=now)
    await publish(session, [*facts.referral_named(before, after, at=now), *called_off, moved, won])
    return after
