"""From `<adf>` elements to what they say."""

from datetime import UTC, tzinfo
from functools import partial
from xml.etree.ElementTree import Element

from lead_service.adf.dates import read_instant
from lead_service.adf.document import adf_elements
from lead_service.adf.model import (
    Address,
    Adf,
    Contact,
    Customer,
    Dropped,
    Id,
    Phone,
    Price,
    Prospect,
    Provider,
    Status,
    Vehicle,
    Vendor,
)
from lead_service.adf.names import whole_name
from lead_service.adf.node import Node


def parse(document: bytes | str, *, encoding: str | None = None, zone: tzinfo = UTC) -> Adf:
    """Everything that the document says, and what was dropped.

    Bytes are read in `encoding`, where the transport named one, else as they declare themselves.
    Dates without a zone are local to `zone`.

    Raises:
        AdfRefused: there is no `<adf>` element, it is not well-formed, or there is a DTD.
    """
    prospects: list[Prospect] = []
    dropped: list[Dropped] = []
    for element in adf_elements(document, encoding=encoding, dropped=dropped):
        root = Node(element, "adf", dropped)
        for node in root.children("prospect"):
            prospects.append(_prospect(node.element, f"adf/prospect[{len(prospects) + 1}]", zone))
        root.finish()
    return Adf(prospects, dropped)


def _prospect(element: Element, path: str, zone: tzinfo) -> Prospect:
    node = Node(element, path, [])
    prospect = Prospect(
        status=Status.RESEND if (node.attribute("status") or "").lower() == Status.RESEND else Status.NEW,
        ids=[id_ for child in node.children("id") if (id_ := _id(child))],
        requested_at=node.child("requestdate").converted(partial(read_instant, zone=zone)),
        vehicles=[_vehicle(child) for child in node.children("vehicle")],
        customer=_customer(node.child("customer")),
        vendor=_vendor(node.child("vendor")),
        provider=_provider(node.child("provider")),
        dropped=node.dropped,
    )
    node.finish()
    return prospect


def _id(node: Node) -> Id | None:
    sequence = node.attribute("sequence") or ""
    if node.text is None:
        node.drop("an id without a value identifies nothing")
        return None
    return Id(node.text, int(sequence) if sequence.isdecimal() else None, node.attribute("source"))


def _vehicle(node: Node) -> Vehicle:
    odometer, colours = node.child("odometer"), node.child("colorcombination")
    vehicle = Vehicle(
        interest=(node.attribute("interest") or "buy").lower(),
        status=(node.attribute("status") or "new").lower(),
        year=node.child("year").converted(_whole),
        make=node.value("make"),
        model=node.value("model"),
        vin=node.value("vin"),
        stock=node.value("stock"),
        trim=node.value("trim"),
        odometer=odometer.converted(_whole),
        odometer_unit=odometer.attribute("units"),
        exterior_colour=colours.value("exteriorcolor"),
        interior_colour=colours.value("interiorcolor"),
        price=_price(node.child("price")),
        options=[name for option in node.children("option") if (name := option.value("optionname"))],
        finance_method=node.child("finance").value("method"),
        comments=node.value("comments"),
    )
    node.ignore("id", "doors", "bodystyle", "transmission", "condition", "imagetag", "pricecomments").finish()
    return vehicle


def _price(node: Node) -> Price | None:
    amount = node.converted(_amount)
    return None if amount is None else Price(amount, node.attribute("type"), node.attribute("currency"))


def _customer(node: Node) -> Customer:
    customer = Customer(
        contact=_contact(node.child("contact")),
        timeframe=node.child("timeframe").value("description"),
        comments=node.value("comments"),
    )
    node.ignore("id").finish()
    return customer


def _contact(node: Node) -> Contact:
    contact = Contact(
        name=whole_name(_name_parts(node)),
        emails=[email.text for email in node.children("email") if email.text],
        phones=[_phone(phone) for phone in node.children("phone") if phone.text],
        address=_address(node.child("address")),
    )
    node.finish()
    return contact


def _name_parts(node: Node) -> dict[str, list[str]]:
    parts: dict[str, list[str]] = {}
    for name in node.children("name"):
        if name.text:
            parts.setdefault((name.attribute("part") or "").lower(), []).append(name.text)
    return parts


def _phone(node: Node) -> Phone:
    return Phone(
        number=node.text or "",
        kind=(node.attribute("type") or "").lower() or None,
        time=node.attribute("time"),
        preferred=node.attribute("preferredcontact") == "1",
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


def _vendor(node: Node) -> Vendor:
    ids, contacts = node.children("id"), node.children("contact")
    vendor = Vendor(
        id=next((id_.text for id_ in ids if id_.text), None),
        name=node.value("vendorname"),
        contact=_contact(contacts[0]) if contacts else None,
    )
    node.ignore("url").finish()
    return vendor


def _provider(node: Node) -> Provider:
    provider = Provider(
        id=node.value("id"),
        name=node.value("name"),
        service=node.value("service"),
        url=node.value("url"),
        email=node.value("email"),
    )
    node.ignore("phone", "contact").finish()
    return provider


def _whole(text: str) -> int:
    try:
        return int(text.replace(",", ""))
    except ValueError:
        raise ValueError("not a whole number") from None


def _amount(text: str) -> float:
    try:
        return float(text.replace(",", "").lstrip("¥￥$€ "))
    except ValueError:
        raise ValueError("not an amount") from None
