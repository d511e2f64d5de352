"""Take down what customers agree to, or no longer agree to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.admit_people import contact_changed, state_after
from customer_service.commands.announce import announce
from customer_service.db import consents as db_consents
from customer_service.db import customers as db_customers
from customer_service.db import leads as db_leads
from customer_service.db import timeline as db_timeline
from customer_service.domain.consents import State, Statement, news
from customer_service.domain.customers import Key
from customer_service.domain.errors import CustomerNotFound
from customer_service.domain.leads import OptOut
from customer_service.domain.timeline import Entry


async def change_consents(
    session: AsyncSession, customer: Key, statements: Sequence[Statement], *, now: datetime
) -> State:
    """Add those of the statements that change something, publish the contact anew, and return what holds now.

    Raises:
        CustomerNotFound: the dealer has no such customer.
    """
    changes = await _add_statements(session, {customer: statements}, {}, now=now)
    if customer not in changes:
        raise CustomerNotFound(customer[1])
    await db_timeline.add(session, [_entry_of(customer, statement) for statement in changes[customer].news])
    return changes[customer].state


async def withdraw_consents(
    session: AsyncSession, opt_outs: Sequence[OptOut], answers: Mapping[Key, UUID], *, now: datetime
) -> None:
    """Withdraw what parties opted out of: of customers, of leads that became customers, and of leads for when they do.

    `answers` names the event that each party's withdrawal answers.
    """
    statements: dict[Key, list[Statement]] = defaultdict(list)
    causes: dict[Key, UUID] = {}
    customers = await db_customers.lock(session, {o.key for o in opt_outs})
    of_leads = [o for o in opt_outs if o.key not in customers]
    became = await db_leads.add_opt_outs(session, of_leads) if of_leads else {}
    for opt_out in opt_outs:
        customer = became.get(opt_out.key, opt_out.key)
        statements[customer].append(opt_out.statement)
        causes[customer] = answers[opt_out.key]
    await _add_statements(session, statements, causes, now=now)


@dataclass(frozen=True, slots=True)
class _Change:
    """The statements of a customer that were news, and what holds after them."""

    news: list[Statement]
    state: State


async def _add_statements(
    session: AsyncSession, statements: Mapping[Key, Sequence[Statement]], causes: Mapping[Key, UUID], *, now: datetime
) -> dict[Key, _Change]:
    """Add what is news of existing customers and publish the contacts it changed."""
    customers = await db_customers.lock(session, statements)
    states = await db_consents.states(session, customers)
    changes = {}
    for key in customers:
        before = states.get(key, {})
        changes[key] = _Change(news(before, statements[key]), state_after(before, statements[key]))
    await db_consents.add(session, {key: change.news for key, change in changes.items()})
    contacts = [
        contact_changed(customer, changes[key].state, now=now, causation_id=causes.get(key))
        for key, customer in customers.items()
        if changes[key].news
    ]
    await announce(session, contacts)
    return changes


def _entry_of(customer: Key, statement: Statement) -> Entry:
    kind = "consent_granted" if statement.granted else "consent_withdrawn"
    data = {"purpose": statement.purpose, "channel": statement.channel, "wording_version": statement.wording_version}
    return Entry(*customer, uuid7(), kind, statement.stated_at, data)
