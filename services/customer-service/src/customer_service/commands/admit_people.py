"""The part of registering people that both doors share; it leaves publishing to its caller."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from baoke_events import Consent, ContactChanged, CustomerRegistered
from baoke_events.event import Event
from baoke_events.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db import consents as db_consents
from customer_service.db import customers as db_customers
from customer_service.domain.consents import State, Statement, news
from customer_service.domain.customers import Contact, Customer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who should be a customer."""

    dealer_id: UUID
    store_id: UUID
    contact: Contact
    birthday: date | None = None
    statements: tuple[Statement, ...] = ()
    lead_id: UUID | None = None
    causation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A person and the customer they are."""

    person: Person
    customer: Customer
    is_new: bool


async def admit_people(session: AsyncSession, people: Sequence[Person], *, now: datetime) -> list[Admitted]:
    """Make a customer of each person whose phone no customer of the dealer has; the others are that customer.

    New customers' consents are stored; known customers are locked and not changed. A relay
    number identifies nobody, so its bearer is always new. The answer is in the people's order.
    """
    candidates = [_customer_of(person, now) for person in people]
    inserted = await db_customers.insert_new(session, candidates)
    phones = [(c.dealer_id, c.contact.phone) for c in candidates if c.key not in inserted and c.contact.phone]
    known = await db_customers.lock_by_phone(session, phones)
    admitted = [
        Admitted(person, candidate, is_new=True)
        if candidate.key in inserted
        else Admitted(person, known[candidate.dealer_id, candidate.contact.phone or ""], is_new=False)
        for person, candidate in zip(people, candidates, strict=True)
    ]
    await db_consents.add(session, {a.customer.key: news({}, a.person.statements) for a in admitted if a.is_new})
    return admitted


def registrations_of(admitted: Sequence[Admitted], *, now: datetime) -> list[Event]:
    """Return what is said about each new customer: that they are one, and how to reach them."""
    return [
        event
        for a in admitted
        if a.is_new
        for event in (
            CustomerRegistered(
                dealer_id=a.customer.dealer_id,
                occurred_at=now,
                causation_id=a.person.causation_id,
                customer_id=a.customer.customer_id,
                store_id=a.customer.store_id,
                lead_id=a.person.lead_id,
            ),
            contact_changed(
                a.customer, state_after({}, a.person.statements), now=now, causation_id=a.person.causation_id
            ),
        )
    ]


def state_after(state: State, statements: Sequence[Statement]) -> State:
    """Return what holds after the statements that are news."""
    return {**state, **{(s.purpose, s.channel): s for s in news(state, statements)}}


def contact_changed(customer: Customer, state: State, *, now: datetime, causation_id: UUID | None) -> ContactChanged:
    """Return the event that says how to reach a customer and what they agreed to."""
    contact = customer.contact
    return ContactChanged(
        dealer_id=customer.dealer_id,
        occurred_at=now,
        causation_id=causation_id,
        party_id=customer.customer_id,
        party_kind="customer",
        name=contact.name,
        phone=contact.phone,
        phone_is_relay=contact.phone_is_relay,
        email=contact.email,
        wecom_id=contact.wecom_id,
        locale=contact.locale,
        time_zone=contact.time_zone,
        consents=consents_of(state),
    )


def consents_of(state: Mapping[tuple[str, str], Statement]) -> tuple[Consent, ...]:
    """Return the consents that hold, in a fixed order."""
    return tuple(Consent(purpose=s.purpose, channel=s.channel, granted=s.granted) for _, s in sorted(state.items()))


def _customer_of(person: Person, now: datetime) -> Customer:
    return Customer(person.dealer_id, uuid7(), person.store_id, person.contact, person.birthday, now)
