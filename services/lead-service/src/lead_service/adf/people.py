"""From elements to who can be reached, and how."""

from lead_service.adf.model import Address, Contact, Customer, Phone
from lead_service.adf.names import part_of, whole_name
from lead_service.adf.node import Node

_PARTS = ("full", "first", "middle", "last", "suffix")


def customer_of(node: Node, prospect: Node) -> Customer:
    """Who asks. Of several contacts it is the primary one, else the first.

    What they say is read in the contact and beside the customer too, where some senders put it.
    """
    timeframe, contact = node.child("timeframe"), node.primary("contact")
    comments = [comments for each in (node, contact, prospect) if (comments := each.child("comments").lines)]
    customer = Customer(
        contact=contact_of(contact),
        timeframe=timeframe.value("description"),
        earliest=timeframe.value("earliestdate"),
        latest=timeframe.value("latestdate"),
        comments="\n".join(dict.fromkeys(comments)) or None,
    )
    timeframe.finish()
    node.without("id").finish()
    return customer


def contact_of(node: Node) -> Contact:
    """Somebody's name, addresses and numbers."""
    contact = Contact(
        name=whole_name(_name_parts(node)),
        emails=[email.text for email in node.children("email") if email.text],
        phones=[_phone(phone) for phone in node.children("phone") if phone.text],
        address=_address(node.child("address")),
    )
    node.finish()
    return contact


def _name_parts(node: Node) -> dict[str, list[str]]:
    """The name by its parts. What a part of any other name says is the whole name where nothing else is given."""
    parts: dict[str, list[str]] = {}
    names = [(part_of(name.attribute("part")), name) for name in node.children("name") if name.text]
    known = [(part, name) for part, name in names if part in _PARTS]
    for part, name in known or [("full", name) for _, name in names]:
        parts.setdefault(part, []).append(name.text or "")
    for part, name in names if known else ():
        if part not in _PARTS:
            name.drop(f"a name has no {part}")
    return parts


def _phone(node: Node) -> Phone:
    return Phone(
        number=node.text or "",
        kind=(node.attribute("type") or "").lower() or None,
        time=node.attribute("time"),
        preferred=node.attribute("preferredcontact") in ("1", "true"),
    )


def _address(node: Node) -> Address | None:
    address = Address(
        street=[street.text for street in node.children("street") if street.text],
        apartment=node.value("apartment"),
        city=node.value("city"),
        region_code=node.value("regioncode"),
        postal_code=node.value("postalcode"),
        country=node.value("country"),
    )
    node.finish()
    return None if address == Address(street=[]) else address
