"""A prospect of an ADF document as an inquiry, and what of it the platform has no place for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

from baoke_events.ids import uuid7

from lead_service.adf import Adf, Dropped, Id, Price, Prospect, Status, Vehicle, write
from lead_service.adf import Contact as AdfContact
from lead_service.adf import Phone as AdfPhone
from lead_service.api.adf_notes import note_of
from lead_service.domain.capture import Inquiry
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.interest import Interest, folded
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.inquiry_fields import (
    LONGEST_NOTE,
    LONGEST_REFERENCE,
    LONGEST_SHOWN,
    LONGEST_TERM,
    Fields,
    email_of,
    phone_of,
)
from lead_service.phones import HOME, NORTH_AMERICA, region_of

_GIVEN_AWAY = ("sell", "trade-in")
"""Interests of a vehicle that the customer wants to be rid of."""

_NOT_SPOKEN_TO = ("fax", "pager")
_YUAN = (None, "CNY", "RMB")
_MOST_YUAN = 10**13

_GROUPED = re.compile(r"\(?[2-9]\d{2}\)?[-. ]\s?[2-9]\d{2}[-. ]\d{4}(?:\s*(?:x|ext).*)?", re.IGNORECASE)
"""How numbers of North America are written, and no Chinese one."""
_PHONE = "customer/contact/phone"


def inquiry_of(
    prospect: Prospect,
    policy: LeadPolicy,
    *,
    dealer_id: UUID,
    store_id: UUID | None,
    advisor_id: UUID | None,
    dropped: list[Dropped],
) -> Inquiry:
    """The inquiry that a prospect makes for the store its vendor names.

    What a lead has no field for stands in its note. What is not used, or did not fit, joins `dropped`.

    Raises:
        StoreNotNamed: neither the vendor, nor `store_id`, nor the policy says which store it is for.
        Unreachable: there is neither a usable phone number nor an e-mail address.
    """
    fields = Fields(lambda place, value, why: dropped.append(Dropped(place, value, why)))
    wanted = next((vehicle for vehicle in prospect.vehicles if vehicle.interest not in _GIVEN_AWAY), None)
    budget = _budget(wanted)
    note = note_of(prospect, wanted, budget)
    return Inquiry(
        id=uuid7(),
        lead_id=uuid7(),
        dealer_id=dealer_id,
        store_id=fields.store(policy, _vendor(prospect), store_id),
        source=_source(prospect, policy, fields),
        contact=_contact(prospect.customer.contact, policy, fields),
        interest=_interest(prospect.vehicles, wanted, budget, fields),
        advisor_id=advisor_id,
        note=fields.cut("note", note, LONGEST_NOTE) if note else None,
        requested_at=prospect.requested_at,
    )


def _vendor(prospect: Prospect) -> list[tuple[str, str]]:
    vendor = prospect.vendor
    return [(f"vendor/{name}", text) for name, text in (("id", vendor.id), ("vendorname", vendor.name)) if text]


def _source(prospect: Prospect, policy: LeadPolicy, fields: Fields) -> Source:
    """The id of the lowest sequence counts. Its source is a channel by the policy's names, or a system of its own."""
    first = _first_id(prospect.ids, fields)
    provider = prospect.provider
    sender = (first and first.source) or provider.name or "adf"
    named = policy.channel_of(sender)
    return Source(
        channel=policy.channel_of(sender, provider.name, provider.service),
        system=folded(sender)[:LONGEST_REFERENCE] if named is Channel.OTHER else named,
        source_id=first.value if first else _digest(prospect),
    )


def _first_id(ids: Sequence[Id], fields: Fields) -> Id | None:
    usable = [id_ for id_ in ids if len(id_.value) <= LONGEST_REFERENCE]
    first = min(usable, key=lambda id_: 1 if id_.sequence is None else id_.sequence, default=None)
    for id_ in ids:
        if id_ is not first:
            why = "the id of the lowest sequence is kept" if id_ in usable else "no id is that long"
            fields.drop("id", id_.value[:LONGEST_SHOWN], why)
    return first


def _digest(prospect: Prospect) -> str:
    """What a prospect without an id is known by when it is sent again, as a resend or not."""
    said = write(Adf([replace(prospect, status=Status.NEW, dropped=())]))
    return f"sha256-{sha256(said.encode()).hexdigest()[:40]}"


def _contact(contact: AdfContact, policy: LeadPolicy, fields: Fields) -> Contact:
    return Contact(
        name=fields.cut("customer/contact/name", contact.name or "", LONGEST_TERM),
        phone=_phone(contact, fields),
        email=fields.first(
            [("customer/contact/email", email) for email in contact.emails],
            email_of,
            others="a lead has one e-mail address",
        ),
        time_zone=policy.time_zone,
    )


def _phone(contact: AdfContact, fields: Fields) -> Phone | None:
    """The first usable number, the preferred one before mobile ones before others.

    A fax or a pager is taken where there is nothing else, and identifies nobody: a whole office may share it.
    """
    region = region_of(contact.address.country if contact.address else None)
    ordered = sorted(contact.phones, key=lambda phone: (not phone.preferred, "cell" not in (phone.kind or "")))
    spoken = _first_phone([phone for phone in ordered if phone.kind not in _NOT_SPOKEN_TO], region, fields)
    silent = [phone for phone in ordered if phone.kind in _NOT_SPOKEN_TO]
    if spoken:
        for phone in silent:
            fields.drop(_PHONE, phone.number[:LONGEST_SHOWN], f"a {phone.kind} is not spoken to")
        return spoken
    written_to = _first_phone(silent, region, fields)
    return written_to and replace(written_to, is_relay=True)


def _first_phone(phones: Iterable[AdfPhone], region: str, fields: Fields) -> Phone | None:
    return fields.first(
        [(_PHONE, phone.number) for phone in phones],
        lambda text: phone_of(text, NORTH_AMERICA if region == HOME and _GROUPED.fullmatch(text) else region),
        others="a lead has one phone number",
    )


def _interest(vehicles: Sequence[Vehicle], wanted: Vehicle | None, budget: Price | None, fields: Fields) -> Interest:
    """The first car that the customer wants to have."""
    for vehicle in vehicles:
        if vehicle is not wanted:
            name = " ".join(str(part) for part in (vehicle.year, vehicle.make, vehicle.model) if part)
            fields.drop(f"vehicle ({vehicle.interest})", name, "a lead asks for one car; its note tells of the others")
    kept = wanted or Vehicle()
    return Interest(
        make=fields.cut("vehicle/make", kept.make or "", LONGEST_TERM),
        model=fields.cut("vehicle/model", kept.model or "", LONGEST_TERM),
        trim=fields.cut("vehicle/trim", kept.trim, LONGEST_TERM) if kept.trim else None,
        budget_cents=round(budget.amount * 100) if budget else None,
    )


def _budget(vehicle: Vehicle | None) -> Price | None:
    """What the customer offers, in yuan; other prices are the sender's."""
    offers = [price for price in (vehicle.prices if vehicle else ()) if price.kind == "offer"]
    return next((offer for offer in offers if offer.currency in _YUAN and 0 < offer.amount < _MOST_YUAN), None)
