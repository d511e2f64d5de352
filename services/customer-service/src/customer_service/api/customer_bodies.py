"""Customers as they cross the wire."""

from datetime import date, datetime
from typing import Any, Literal, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, Field

from customer_service.api.consents import ConsentIn, ConsentOut
from customer_service.api.fields import Day, Email, Locale, Name, Phone, Term, Zone, masked_email, masked_phone
from customer_service.api.vehicle_bodies import VehicleOut
from customer_service.commands.admit_people import Person
from customer_service.db.churn import Warned
from customer_service.db.customer_views import CustomerView
from customer_service.domain.churn import Reason, Strategy
from customer_service.domain.customers import Contact, Customer
from customer_service.domain.segments import Rfm, Segment


class CustomerIn(Body):
    """A person to register."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "李娜",
                    "phone": "138 0013 8000",
                    "email": "li.na@example.com",
                    "store_id": "0199d3a0-0000-7000-8000-00000000a001",
                    "birthday": "1990-05-17",
                }
            ]
        }
    )

    name: Name
    phone: Phone
    """In any usual notation; without a country code it is Chinese."""
    email: Email | None = None
    store_id: UUID
    birthday: Day | None = None
    locale: Locale = "zh-CN"
    """The language of messages: zh-CN or en."""
    time_zone: Zone = "Asia/Shanghai"
    wecom_id: Term | None = None
    consents: list[ConsentIn] | None = Field(default=None, max_length=32)
    """What the person agreed to; left out, what the showroom's registered wording grants."""

    def person(self, dealer_id: UUID, now: datetime) -> Person:
        """Return the person this body speaks of."""
        contact = Contact(
            self.name,
            self.phone,
            email=self.email,
            wecom_id=self.wecom_id,
            locale=self.locale,
            time_zone=self.time_zone,
        )
        statements = tuple(consent.statement("registration", now) for consent in self.consents or ())
        return Person(dealer_id, self.store_id, contact, self.birthday, statements)


class CustomerRegisteredOut(Reply):
    """The customer, and whether they are new."""

    customer_id: UUID
    outcome: Literal["created", "exists"]


class CustomerSummary(Reply):
    """A customer in a list."""

    customer_id: UUID
    store_id: UUID
    name: str
    phone: str | None
    """E.164; masked for marketing and auditors."""
    email: str | None
    segment: Segment
    registered_at: datetime

    @classmethod
    def of(cls, view: CustomerView, *, sees_phones: bool) -> Self:
        """Return what a caller sees of a customer."""
        customer, contact = view.customer, view.customer.contact
        return cls(
            customer_id=customer.customer_id,
            store_id=customer.store_id,
            name=contact.name,
            phone=contact.phone if sees_phones else masked_phone(contact.phone),
            email=contact.email if sees_phones else masked_email(contact.email),
            segment=Segment(view.segment),
            registered_at=customer.registered_at,
        )


class RfmOut(Reply):
    """Recency, frequency and money, as the segment is decided by them."""

    last_visit_at: datetime | None
    recency_days: int | None
    """Whole days since the last completed service; null before the first."""
    frequency: int
    """Completed services in the window (365 days by default)."""
    money_cents: int
    """What they came to."""
    services: int
    """Completed services ever."""

    @classmethod
    def of(cls, rfm: Rfm, *, now: datetime) -> Self:
        """Return the numbers at this moment."""
        return cls(
            last_visit_at=rfm.last_visit_at,
            recency_days=(now - rfm.last_visit_at).days if rfm.last_visit_at else None,
            frequency=rfm.frequency,
            money_cents=rfm.money_cents,
            services=rfm.services,
        )


class ChurnOut(Reply):
    """Whether the customer is about to leave, why, and what to do about it."""

    state: Literal["calm", "warned"]
    reasons: list[Reason]
    strategy: Strategy | None
    warned_at: datetime | None

    @classmethod
    def of(cls, warned: Warned | None) -> Self:
        """Return the warning, or that there is none."""
        if warned is None:
            return cls(state="calm", reasons=[], strategy=None, warned_at=None)
        warning = warned.warning
        return cls(state="warned", reasons=list(warning.reasons), strategy=warning.strategy, warned_at=warned.warned_at)


class CustomerOut(CustomerSummary):
    """Everything this service knows of a customer."""

    phone_is_relay: bool
    wecom_id: str | None
    birthday: date | None
    locale: str
    time_zone: str
    lead_ids: list[UUID]
    """The leads the customer was, oldest sale first."""
    rfm: RfmOut
    churn: ChurnOut
    vehicles: list[VehicleOut]
    consents: list[ConsentOut]

    @staticmethod
    def profile_of(customer: Customer) -> dict[str, Any]:
        """Return the fields that a summary leaves out and the customer's own row holds."""
        contact = customer.contact
        return {
            "phone_is_relay": contact.phone_is_relay,
            "wecom_id": contact.wecom_id,
            "birthday": customer.birthday,
            "locale": contact.locale,
            "time_zone": contact.time_zone,
        }
