"""What customers who bought again take over from the lead they were meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.admit_people import Admitted, contact_changed
from customer_service.db import consents as db_consents
from customer_service.db import customers as db_customers
from customer_service.domain.consents import State, Statement, inherited
from customer_service.domain.customers import Contact, Customer, Key


async def inherit_contacts(session: AsyncSession, admitted: Sequence[Admitted], *, now: datetime) -> list[Event]:
    """Store what leads knew of customers who were known already, and return what is to be said about it.

    An e-mail address or WeCom id fills a gap and replaces nothing; consents as `domain.consents.inherited` says.
    """
    returning = [a for a in admitted if not a.is_new]
    if not returning:
        return []
    states = await db_consents.states(session, {a.customer.key for a in returning})
    customers: dict[Key, Customer] = {}
    causes, stated = {}, {}
    for a in returning:
        before = customers.get(a.customer.key, a.customer)
        completed = replace(before, contact=_completed(before.contact, a.person.contact))
        state: State = states.get(completed.key, {})
        news = inherited(state, a.person.statements)
        if completed != before or news:
            customers[completed.key] = completed
            causes[completed.key] = a.person.causation_id
            stated[completed.key] = [*stated.get(completed.key, []), *news]
            states[completed.key] = {**state, **{(s.purpose, s.channel): s for s in news}}
    await _save(session, customers, stated)
    return [
        contact_changed(customer, states.get(key, {}), now=now, causation_id=causes[key])
        for key, customer in customers.items()
    ]


async def _save(session: AsyncSession, customers: dict[Key, Customer], stated: dict[Key, list[Statement]]) -> None:
    if customers:
        await db_customers.complete(session, {key: customer.contact for key, customer in customers.items()})
        await db_consents.add(session, stated)


def _completed(contact: Contact, found: Contact) -> Contact:
    return replace(contact, email=contact.email or found.email, wecom_id=contact.wecom_id or found.wecom_id)
