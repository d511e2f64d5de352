"""A prospect of an ADF document as an inquiry, and what of it the platform has no place for."""

import re
from collections.abc import Iterable, Sequence
from uuid import UUID

from baoke_events.ids import uuid7

from lead_service.adf import Contact as AdfContact
from lead_service.adf import Dropped, Prospect, Vehicle
from lead_service.adf import Phone as AdfPhone
from lead_service.api.schemas.fields import EMAIL
from lead_service.domain.capture import Inquiry
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.errors import StoreNotNamed
from lead_service.domain.interest import Interest, folded
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.phones import parse_phone

LONGEST_TERM = 100
LONGEST_ID = 200
LONGEST_EMAIL = 254
LONGEST_NOTE = 2000

_GIVEN_AWAY = ("sell", "trade-in")
"""Interests of a vehicle that the customer wants to be rid of."""


def inquiry_of(
    prospect: Prospect,
    policy: LeadPolicy,
    *,
    dealer_id: UUID,
    store_id: UUID | None,
    advisor_id: UUID | None,
    dropped: list[Dropped],
) -> Inquiry:
    """The inquiry that a prospect makes for the store its vendor names. What has no place in it joins `dropped`.

    Raises:
        StoreNotNamed: neither the vendor, nor `store_id`, nor the policy says which store it is for.
        Unreachable: there is neither a usable phone number nor an e-mail address.
    """
    return Inquiry(
        id=uuid7(),
        lead_id=uuid7(),
        dealer_id=dealer_id,
        store_id=_store(prospect, policy, store_id, dropped),
        source=_source(prospect, policy, dropped),
        contact=_contact(prospect.customer.contact, policy, dropped),
        interest=_interest(prospect.vehicles, dropped),
        advisor_id=advisor_id,
        note=_note(prospect),
        requested_at=prospect.requested_at,
    )


def _store(prospect: Prospect, policy: LeadPolicy, store_id: UUID | None, dropped: list[Dropped]) -> UUID:
    vendor = prospect.vendor
    if named := policy.store_of(vendor.id, vendor.name):
        return named
    found = store_id or policy.default_store_id
    if found is None:
        raise StoreNotNamed(vendor.id or vendor.name)
    if vendor.id:
        dropped.append(Dropped("vendor/id", vendor.id, "no store has this code; the default store takes the lead"))
    return found


def _source(prospect: Prospect, policy: LeadPolicy, dropped: list[Dropped]) -> Source:
    """The first id counts. Its source is a channel of ours by the policy's names, or a system of its own."""
    ids = [id_ for id_ in prospect.ids if len(id_.value) <= LONGEST_ID]
    first = ids[0] if ids else None
    dropped += [Dropped("id", id_.value[:LONGEST_ID], "the first id is kept") for id_ in prospect.ids if id_ != first]
    provider = prospect.provider
    sender = (first and first.source) or provider.name or "adf"
    named = policy.channel_of(sender)
    return Source(
        channel=policy.channel_of(sender, provider.name, provider.service),
        system=folded(sender)[:LONGEST_ID] if named is Channel.OTHER else named,
        source_id=first.value if first else None,
    )


def _contact(contact: AdfContact, policy: LeadPolicy, dropped: list[Dropped]) -> Contact:
    return Contact(
        name=(contact.name or "")[:LONGEST_TERM],
        phone=_phone(contact.phones, dropped),
        email=_email(contact.emails, dropped),
        time_zone=policy.time_zone,
    )


def _phone(phones: Iterable[AdfPhone], dropped: list[Dropped]) -> Phone | None:
    """The first usable number, the preferred one before mobile ones before others."""
    found: Phone | None = None
    for phone in sorted(phones, key=lambda phone: (not phone.preferred, "cell" not in (phone.kind or ""))):
        try:
            usable = parse_phone(phone.number)
        except ValueError as error:
            dropped.append(Dropped("customer/contact/phone", phone.number, str(error)))
            continue
        if found:
            dropped.append(Dropped("customer/contact/phone", phone.number, "a lead has one phone number"))
        found = found or usable
    return found


def _email(emails: Iterable[str], dropped: list[Dropped]) -> str | None:
    usable = [email for email in emails if len(email) <= LONGEST_EMAIL and re.match(EMAIL, email)]
    dropped += [Dropped("customer/contact/email", e, "not an e-mail address") for e in emails if e not in usable]
    dropped += [Dropped("customer/contact/email", e, "a lead has one e-mail address") for e in usable[1:]]
    return usable[0] if usable else None


def _interest(vehicles: Sequence[Vehicle], dropped: list[Dropped]) -> Interest:
    """The first car that the customer wants to have."""
    wanted = [vehicle for vehicle in vehicles if vehicle.interest not in _GIVEN_AWAY]
    kept = wanted[0] if wanted else Vehicle()
    for vehicle in vehicles:
        if vehicle is not kept:
            name = " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model) if part)
            dropped.append(Dropped(f"vehicle ({vehicle.interest})", name, "a lead asks for one car"))
    return Interest(
        make=(kept.make or "")[:LONGEST_TERM],
        model=(kept.model or "")[:LONGEST_TERM],
        trim=kept.trim[:LONGEST_TERM] if kept.trim else None,
        budget_cents=_budget_cents(kept),
    )


def _budget_cents(vehicle: Vehicle) -> int | None:
    """What the customer offers; other prices are the sender's."""
    price = vehicle.price
    if price is None or price.kind != "offer" or not 0 < price.amount < 10**13:
        return None
    return round(price.amount * 100)


def _note(prospect: Prospect) -> str | None:
    customer = prospect.customer
    said = (customer.comments, customer.timeframe, *(vehicle.comments for vehicle in prospect.vehicles))
    return "\n".join(part for part in said if part)[:LONGEST_NOTE] or None
