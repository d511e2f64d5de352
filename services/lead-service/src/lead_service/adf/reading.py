"""From `<adf>` elements to what they say."""

from collections.abc import Sequence
from dataclasses import replace
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


def parse(
    document: bytes | str,
    *,
    encoding: str | None = None,
    zone: tzinfo = UTC,
    most: int | None = None,
    most_tags: int | None = None,
) -> Adf:
    """Everything that the document says, and what was dropped.

    Bytes are read in `encoding`, where the transport named one, else as they declare themselves.
    Dates without a zone are local to `zone`. There may be `most` prospects and `most_tags`, where that is
    given: broken XML of many tags is made to keep a processor busy.

    Raises:
        AdfRefused: there is no prospect in it, or of broken XML none that anybody could answer, or there is a DTD,
            or more than `most_tags`.
        TooManyProspects: there are more than `most`.
    """
    prospects: list[Prospect] = []
    dropped: list[Dropped] = []
    elements = adf_elements(document, encoding=encoding, most_tags=most_tags, dropped=dropped)
    given = sum(child.tag == "prospect" for element in elements for child in element)
    if most is not None and given > most:
        raise TooManyProspects(given, most)
    for element in elements:
        root = Node(element, "adf", dropped)
        numbered = enumerate(root.children("prospect"), len(prospects) + 1)
        own = [_prospect(node.element, f"adf/prospect[{number}]", zone) for number, node in numbered]
        prospects.extend(_with_those_beside(root, own))
        root.finish()
    if not prospects:
        raise AdfRefused("there is no prospect in it")
    if any(part.path.startswith(MENDED) for part in dropped) and not any(map(_can_be_answered, prospects)):
        raise AdfRefused("the XML is not well-formed, and nobody can be reached by what is left of it")
    return Adf(prospects, dropped)


def _with_those_beside(root: Node, prospects: Sequence[Prospect]) -> Sequence[Prospect]:
    """The prospects, of which those without a vendor or provider have the one that stands beside them."""
    if any(each.vendor == Vendor() for each in prospects):
        vendor = _vendor(root.child("vendor"))
        prospects = [replace(each, vendor=vendor) if each.vendor == Vendor() else each for each in prospects]
    if any(each.provider == Provider() for each in prospects):
        provider = _provider(root.child("provider"))
        prospects = [replace(each, provider=provider) if each.provider == Provider() else each for each in prospects]
    return prospects


def _can_be_answered(prospect: Prospect) -> bool:
    return bool(prospect.customer.contact.phones or prospect.customer.contact.emails)


def _prospect(element: Element, path: str, zone: tzinfo) -> Prospect:
    node = Node(element, path, [])
    prospect = Prospect(
        status=Status.RESEND if (node.attribute("status") or "").lower() == Status.RESEND else Status.NEW,
        ids=[id_ for child in node.children("id") if (id_ := _id(child))],
        requested_at=node.child("requestdate").converted(partial(read_instant, zone=zone)),
        vehicles=[vehicle_of(child) for child in node.children("vehicle")],
        customer=customer_of(node.child("customer"), node),
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
