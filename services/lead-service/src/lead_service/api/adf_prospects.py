"""A lead as a prospect of an ADF document."""

from collections.abc import Sequence

from lead_service.adf import Contact as AdfContact
from lead_service.adf import Customer, Id, Price, Prospect, Provider, Status, Vehicle, Vendor
from lead_service.adf import Phone as AdfPhone
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.interest import Interest
from lead_service.domain.lead import Lead
from lead_service.domain.policy import LeadPolicy

OURS = "baoke"
"""Whose id a lead's own is."""


def prospect_of(lead: Lead, policy: LeadPolicy) -> Prospect:
    """What the lead says in ADF. Its first id is the one that it came with.

    Sent back to us it is `repeated` by that. A lead that came without an id is known by its phone: it is `touched`.
    """
    return Prospect(
        status=Status.NEW,
        ids=_ids(lead),
        requested_at=lead.captured_at,
        vehicles=[_vehicle(lead.interest)],
        customer=Customer(_contact(lead.contact), comments=lead.note),
        vendor=_vendor(lead, policy),
        provider=Provider(name=lead.source.channel, service=lead.source.campaign),
    )


def _ids(lead: Lead) -> Sequence[Id]:
    source, own = lead.source, str(lead.id)
    if source.source_id is None:
        return [Id(own, 1, OURS)]
    return [Id(source.source_id, 1, source.system), Id(own, 2, OURS)]


def _vehicle(interest: Interest) -> Vehicle:
    budget = interest.budget_cents
    return Vehicle(
        make=interest.make or None,
        model=interest.model or None,
        trim=interest.trim,
        prices=[] if budget is None else [Price(budget / 100, "offer", "CNY")],
    )


def _contact(contact: Contact) -> AdfContact:
    phones = [_phone(contact.phone)] if contact.phone else []
    return AdfContact(contact.name or None, [contact.email] if contact.email else [], phones)


def _phone(phone: Phone) -> AdfPhone:
    extension = f" ext. {phone.extension}" if phone.extension else ""
    return AdfPhone(f"{phone.number}{extension}", "cellphone", preferred=True)


def _vendor(lead: Lead, policy: LeadPolicy) -> Vendor:
    """The store by the names that the policy has for it: the first is its code."""
    code, *names = [name for name, store_id in policy.stores.items() if store_id == lead.store_id] or [
        str(lead.store_id)
    ]
    return Vendor(code, names[0] if names else code)
