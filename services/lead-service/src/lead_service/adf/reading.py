"""From `<adf>` elements to what they say."""

from datetime import UTC, tzinfo
from functools import partial
from xml.etree.ElementTree import Element

from lead_service.adf.dates import read_instant
from lead_service.adf.document import AdfRefused, TooManyProspects, adf_elements
from lead_service.adf.mending import MENDED
from lead_service.adf.model import Adf, Dropped, Id, Prospect, Provider, Status, Vendor
from lead_service.adf.node import Node
from lead_service.adf.people import contact_of, customer_of
from lead_service.adf.vehicles import vehicle_of


def parse(document: bytes | str, *, encoding: str | None = None, zone: tzinfo = UTC, most: int | None = None) -> Adf:
    """Everything that the document says, and what was dropped.

    Bytes are read in `encoding`, where the transport named one, else as they declare themselves.
    Dates without a zone are local to `zone`. There may be `most` prospects, where that is given.

    Raises:
        AdfRefused: there is no prospect in it, or of broken XML none that anybody could answer, or there is a DTD.
        TooManyProspects: there are more than `most`.
    """
    prospects: list[Prospect] = []
    dropped: list[Dropped] = []
    elements = adf_elements(document, encoding=encoding, dropped=dropped)
    given = sum(child.tag == "prospect" for element in elements for child in element)
    if most is not None and given > most:
        raise TooManyProspects(given, most)
    for element in elements:
        root = Node(element, "adf", dropped)
        for node in root.children("prospect"):
            prospects.append(_prospect(node.element, f"adf/prospect[{len(prospects) + 1}]", zone))
        root.finish()
    if not prospects:
        raise AdfRefused("there is no prospect in it")
    if any(part.path.startswith(MENDED) for part in dropped) and not any(map(_can_be_answered, prospects)):
        raise AdfRefused("the XML is not well-formed, and nobody can be reached by what is left of it")
    return Adf(prospects, dropped)


def _can_be_answered(prospect: Prospect) -> bool:
    return bool(prospect.customer.contact.phones or prospect.customer.contact.emails)


def _prospect(element: Element, path: str, zone: tzinfo) -> Prospect:
    node = Node(element, path, [])
    prospect = Prospect(
        status=Status.RESEND if (node.attribute("status") or "").lower() == Status.RESEND else Status.NEW,
        ids=[id_ for child in node.children("id") if (id_ := _id(child))],
        requested_at=node.child("requestdate").converted(partial(read_instant, zone=zone)),
        vehicles=[vehicle_of(child) for child in node.children("vehicle")],
        customer=customer_of(node.child("customer")),
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


def _vendor(node: Node) -> Vendor:
    ids, contacts = node.children("id"), node.children("contact")
    vendor = Vendor(
        id=next((id_.text for id_ in ids if id_.text), None),
        name=node.value("vendorname"),
        contact=contact_of(node.primary("contact")) if contacts else None,
    )
    for other in ids:
        if other.text and other.text != vendor.id:
            other.drop("one id is kept")
    node.without("url").finish()
    return vendor


def _provider(node: Node) -> Provider:
    provider = Provider(
        id=node.value("id"),
        name=node.value("name"),
        service=node.value("service"),
        url=node.value("url"),
        email=node.value("email"),
    )
    node.without("phone", "contact").finish()
    return provider
