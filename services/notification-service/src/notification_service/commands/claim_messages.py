"""Take due messages in hand: decide which may go now, and reserve their places in the day's budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events.ids import uuid7
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.commands.plan_messages import suppressed
from notification_service.db import budgets as db_budgets
from notification_service.db import messages as db_messages
from notification_service.db import parties as db_parties
from notification_service.db import suppressions as db_suppressions
from notification_service.db import undone_facts as db_undone
from notification_service.domain.deliveries import Claimed
from notification_service.domain.messages import Message
from notification_service.domain.parties import PartyKey
from notification_service.domain.policy import NotificationPolicy
from notification_service.domain.sending import Situation, claimed, decide, grant, places


@dataclass(frozen=True, slots=True)
class Claim:
    """A sender's turn: what it is to deliver before its lease ends, and at how many messages it looked."""

    claim_id: UUID
    claimed: tuple[Claimed, ...]
    seen: int


async def claim_messages(session: AsyncSession, *, per_class: int, now: datetime) -> Claim:
    """Up to `per_class` due messages of each class are decided on; those that may go are the claim's.

    The others wait, with the reason, or are suppressed, and `MessageSuppressed` says why. Places
    in a day's budget go to the more important messages first, and never beyond the dealer's cap.
    """
    claim_id = uuid7()
    messages = await db_messages.lock_due(session, per_class=per_class, now=now)
    if not messages:
        return Claim(claim_id, (), 0)
    situation = await _load(session, messages, now)
    verdicts = {m.message_id: situation.verdict(m) for m in messages}
    wanted = places(messages, verdicts, situation)
    budgets = await db_budgets.lock(session, wanted.keys)
    granted = grant(wanted, budgets, {dealer_id: p.cap_per_day for dealer_id, p in situation.policies.items()})
    decided = [decide(m, verdicts[m.message_id], granted.days.get(m.message_id), now=now) for m in messages]
    await db_budgets.apply(session, granted.moves)
    await db_messages.save_decided(session, decided, claim_id=claim_id, now=now)
    await publish(session, [suppressed(d.message, reason, now=now) for d in decided if (reason := d.suppressed_for)])
    in_hand = (claimed(d, verdicts[d.message.message_id], situation) for d in decided)
    return Claim(claim_id, tuple(c for c in in_hand if c), len(messages))


async def _load(session: AsyncSession, messages: Sequence[Message], now: datetime) -> Situation:
    parties = await db_parties.reachable(session, {PartyKey(m.dealer_id, m.party_id) for m in messages})
    unsubscribed = await db_suppressions.of_persons(session, {p.person for p in parties.values()})
    policies = await policy_of(session, {m.dealer_id for m in messages}, NotificationPolicy)
    # Of two transactions at once, one that planned a message and one that undid its fact, neither saw the other.
    undone = await db_undone.about_undone(session, messages)
    return Situation(parties, unsubscribed, policies, now, undone)
