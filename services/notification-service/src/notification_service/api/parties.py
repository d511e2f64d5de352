"""How much more a person can be told today."""

from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction

from notification_service.api.callers import Reader
from notification_service.api.schemas import ContactBudgetReply, ReasonCount
from notification_service.db import budgets, message_list, parties
from notification_service.domain.budget import BudgetKey
from notification_service.domain.errors import PartyNotFound
from notification_service.domain.local_time import day_starts_at, local_date, next_day_starts_at
from notification_service.domain.messages import MessageState
from notification_service.domain.parties import PartyKey
from notification_service.domain.policy import NotificationPolicy

router = Router(prefix="/v1/parties", tags=["parties"])


@router.get("/{party_id}/contact-budget", summary="Show today's contact budget")
async def show_contact_budget(party_id: UUID, caller: Reader, session: Transaction) -> ContactBudgetReply:
    """The cap on marketing and service messages, what of it is gone today, and when it starts anew.

    Today is the person's, in their time zone. Also which messages were suppressed or wait, and why.
    Transactional messages do not count.
    """
    party = await parties.find(session, PartyKey(caller.dealer_id, party_id))
    if party is None:
        raise PartyNotFound(party_id)
    policy = await rules_of(session, caller.dealer_id, NotificationPolicy)
    now, zone = utc_now(), party.contact.zone
    today = local_date(now, zone)
    budget = await budgets.find(session, BudgetKey(*party.person, today))
    suppressed = await message_list.reasons(
        session, party.person, MessageState.SUPPRESSED, since=day_starts_at(today, zone)
    )
    waiting = await message_list.reasons(session, party.person, MessageState.WAITING)
    return ContactBudgetReply(
        party_id=party_id,
        person_id=party.person_id,
        on_date=today,
        time_zone=zone.key,
        cap=policy.cap_per_day,
        used=budget.used,
        reserved=budget.reserved,
        left=budget.left(policy.cap_per_day),
        resets_at=next_day_starts_at(now, zone),
        suppressed_today=[ReasonCount(reason=reason, count=count) for reason, count in suppressed],
        waiting=[ReasonCount(reason=reason, count=count) for reason, count in waiting],
    )
