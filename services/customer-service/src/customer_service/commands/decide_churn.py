"""Warn of customers who are about to leave, and take warnings back."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from baoke_events import ChurnCleared, ChurnWarned
from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.announce import announce
from customer_service.db import churn as db_churn
from customer_service.db.churn import Decided, Watched
from customer_service.domain.churn import ChurnWarning, next_look_at, warning_of
from customer_service.domain.customers import Key
from customer_service.domain.policy import CustomerPolicy


async def review_due_churn(session: AsyncSession, *, now: datetime, limit: int) -> int:
    """Decide anew the warnings that the passing of time may have changed; return how many were due."""
    due = await db_churn.claim_due_for_review(session, now=now, limit=limit)
    await announce(session, await decide_churn(session, dict.fromkeys(due), because="time", now=now))
    return len(due)


async def note_missed_first_services(
    session: AsyncSession, missed: Iterable[tuple[Key, datetime]], owners: Mapping[Key, UUID], *, now: datetime
) -> None:
    """Keep that vehicles' first service is overdue; their owners are looked at again after the days of grace.

    `owners` names the event that said so, by customer.
    """
    await db_churn.add_missed_first_services(session, missed)
    await announce(session, await decide_churn(session, owners, because="time", now=now))


async def decide_churn(
    session: AsyncSession, customers: Mapping[Key, UUID | None], *, because: str, now: datetime
) -> list[Event]:
    """Store each customer's warning of now and return what is to be said about those it changed for.

    A warning is said when it begins and when its strategy changes. Each customer comes with the
    event that made it worth a look, or None; `because` says what a warning that ends, ended by.
    """
    watched = await db_churn.lock(session, customers)
    policies = await policy_of(session, {w.dealer_id for w in watched}, CustomerPolicy) if watched else {}
    decided: list[Decided] = []
    events: list[Event] = []
    for one in watched:
        rules = policies[one.dealer_id].churn
        warning = warning_of(one.attachment, rules, now=now)
        warned_at = (one.warned_at or now) if warning else None
        decided.append(Decided(one.key, warning, warned_at, next_look_at(one.attachment, rules, now=now)))
        events += _told(one, warning, because=because, now=now, causation_id=customers[one.key])
    await db_churn.put(session, [d for d, w in zip(decided, watched, strict=True) if _matters(d, w)])
    return events


def _matters(decided: Decided, watched: Watched) -> bool:
    """Tell whether there is something to keep; most customers have nothing to watch."""
    return bool(decided.warning or decided.review_at or watched.is_kept)


def _told(
    watched: Watched, warning: ChurnWarning | None, *, because: str, now: datetime, causation_id: UUID | None
) -> list[Event]:
    before = watched.warning and watched.warning.strategy
    about = {
        "dealer_id": watched.dealer_id,
        "occurred_at": now,
        "causation_id": causation_id,
        "customer_id": watched.customer_id,
        "store_id": watched.store_id,
    }
    if warning and warning.strategy != before:
        return [ChurnWarned(**about, reasons=warning.reasons, strategy=warning.strategy)]
    return [ChurnCleared(**about, because=because)] if before and not warning else []
