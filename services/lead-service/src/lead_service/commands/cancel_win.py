"""Undoing a sale while the day lasts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.commands import facts
from lead_service.commands.keep_leads import keep_reopened
from lead_service.db import endings as db_endings
from lead_service.db import leads as db_leads
from lead_service.domain.lead import Lead, reopen
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.sale import Cancellation, CancelReason, cancel


@dataclass(frozen=True, slots=True)
class CancelWin:
    """Undo the sale that a lead came to. `stores` are those it may be in; None is all."""

    dealer_id: UUID
    lead_id: UUID
    reason: CancelReason
    note: str | None
    cancelled_by: str
    stores: Collection[UUID] | None = None


async def cancel_win(session: AsyncSession, command: CancelWin, *, now: datetime) -> Lead:
    """The lead is open again at its stage before, and `LeadWonCancelled` lets the others take back what followed.

    The sale stays on record as undone.

    Raises:
        LeadNotFound: the dealer has no such lead in these stores.
        NotWon: the lead is not won.
        CancellationTooLate: the policy's hours have passed.
        PersonHasOpenLead: the person has come back meanwhile, with a lead that is worked.
    """
    before = await db_leads.lock(session, command.dealer_id, command.lead_id, stores=command.stores)
    policies = await policy_of(session, {before.dealer_id}, LeadPolicy)
    policy = policies[before.dealer_id]
    record = await db_endings.current_sale(session, before.dealer_id, before.id)
    cancellation = Cancellation(command.reason, command.note, command.cancelled_by, now)
    undone = cancel(before, record, cancellation, policy.sales)
    opened = reopen(before, undone.stage, due_at=policy.next_contact(before.grade, now, before.store_id))
    after, handed_over = await keep_reopened(session, opened, policies, by=command.cancelled_by, at=now)
    await db_endings.cancel_sale(session, after.dealer_id, after.id, undone)
    told = [facts.stage_changed(before, after, at=now), facts.won_cancelled(after, undone)]
    await publish(session, [*told, *handed_over])
    return after
