"""Leads come with a member's code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.advance_referrals import advance_referrals
from loyalty_service.commands.learn_purchases import lock_purchases
from loyalty_service.db import referral_codes as db_codes
from loyalty_service.db import referrals as db_referrals
from loyalty_service.db.referrals import Told
from loyalty_service.domain.codes import as_typed
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.domain.referrals import Referral, ReferralState, Terms, VoidReason, void
from loyalty_service.domain.vouchers import Worth


@dataclass(frozen=True, slots=True)
class MakeReferral:
    """A lead was captured with this code, as somebody typed it."""

    dealer_id: UUID
    lead_id: UUID
    code: str
    source_event_id: UUID
    made_at: datetime
    origin: Origin


async def make_referrals(session: AsyncSession, commands: Sequence[MakeReferral], *, now: datetime) -> None:
    """Each lead has its referral, on today's terms; a code that nobody has makes one that is void.

    What was known of the lead before is taken into account at once.
    """
    owners = await db_codes.owners(session, {(c.dealer_id, as_typed(c.code)) for c in commands})
    policies = await policy_of(session, {c.dealer_id for c in commands}, LoyaltyPolicy)
    made = [Told(_referral(c, owners, policies[c.dealer_id], now), c.origin) for c in commands]
    leads = {(c.dealer_id, c.lead_id): c.origin for c in commands}
    await lock_purchases(session, leads, referrers={(dealer_id, owner) for (dealer_id, _), owner in owners.items()})
    await db_referrals.add(session, made)
    await publish(session, await advance_referrals(session, leads, now=now))


def _referral(
    command: MakeReferral, owners: Mapping[tuple[UUID, str], UUID], policy: LoyaltyPolicy, now: datetime
) -> Referral:
    code = as_typed(command.code)
    terms = policy.referral
    made = Referral(
        id=uuid7(),
        dealer_id=command.dealer_id,
        lead_id=command.lead_id,
        source_event_id=command.source_event_id,
        code=code,
        referrer_id=owners.get((command.dealer_id, code)),
        terms=Terms(terms.points, Worth(terms.voucher_kind, terms.voucher_value_cents, terms.currency)),
        state=ReferralState.CREATED,
        made_at=command.made_at,
    )
    return made if made.referrer_id else void(made, VoidReason.UNKNOWN_CODE, at=now)
