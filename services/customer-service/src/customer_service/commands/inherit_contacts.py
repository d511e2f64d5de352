"""What customers who bought again take over from the lead they were meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_events.event import Event
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.admit_people import Admitted, Person, contact_changed
from customer_service.db import consents as db_consents
from customer_service.db import customers as db_customers
from customer_service.domain.consents import State, Statement, inherited
from customer_service.domain.customers import Customer, Key


async def inherit_contacts(session: AsyncSession, admitted: Sequence[Admitted], *, now: datetime) -> list[Event]:
    """Store what leads knew of customers who were known already, and return what is to be said about it.

    An e-mail address or WeCom id fills a gap and replaces nothing; consents as `domain.consents.inherited` says.
    """
    returning = [a for a in admitted if not a.is_new]
    if not returning:
        return []
    states = await db_consents.states(session, {a.customer.key for a in returning})
    heirs: dict[Key, _Heir] = {}
    for a in returning:
        key = a.customer.key
        heirs[key] = (heirs.get(key) or _Heir(a.customer, states.get(key, {}))).taking_over(a.person)
    changed = {key: heir for key, heir in heirs.items() if heir.has_changed}
    if changed:
        await db_customers.complete(session, {key: heir.customer.contact for key, heir in changed.items()})
        await db_consents.add(session, {key: heir.news for key, heir in changed.items()})
    return [
        contact_changed(heir.customer, heir.state, now=now, causation_id=heir.causation_id) for heir in changed.values()
    ]


@dataclass(frozen=True, slots=True)
class _Heir:
    """A customer as leads complete them."""

    customer: Customer
    state: State
    news: tuple[Statement, ...] = ()
    has_changed: bool = False
    causation_id: UUID | None = None

    def taking_over(self, lead: Person) -> Self:
        """Return the customer with what the lead adds."""
        contact = self.customer.contact
        completed = replace(
            contact,
            email=contact.email or lead.contact.email,
            wecom_id=contact.wecom_id or lead.contact.wecom_id,
        )
        news = inherited(self.state, lead.statements)
        if completed == contact and not news:
            return self
        return replace(
            self,
            customer=replace(self.customer, contact=completed),
            state={**self.state, **{(s.purpose, s.channel): s for s in news}},
            news=(*self.news, *news),
            has_changed=True,
            causation_id=lead.causation_id,
        )
