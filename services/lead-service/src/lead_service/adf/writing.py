"""ADF 1.0 from what it says, in the order of its DTD."""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from lead_service.adf.characters import xml_text
from lead_service.adf.model import Address, Adf, Contact, Customer, Finance, Price, Prospect, Provider, Vehicle, Vendor

_DECLARATIONS = '<?xml version="1.0" encoding="UTF-8"?>\n<?adf version="1.0"?>\n'


def write(adf: Adf) -> str:
    """The document, to be sent as UTF-8. `parse` reads the same prospects from it, white space apart.

    What was dropped when it was read is not written, and neither is a character that XML has no place for.
    """
    root = Element("adf")
    for prospect in adf.prospects:
        _prospect(root, prospect)
    indent(root)
    return f"{_DECLARATIONS}{tostring(root, encoding='unicode')}\n"


def _prospect(root: Element, prospect: Prospect) -> None:
    element = SubElement(root, "prospect", status=prospect.status)
    for id_ in prospect.ids:
        _leaf(element, "id", id_.value, sequence=id_.sequence, source=id_.source)
    _leaf(element, "requestdate", prospect.requested_at and prospect.requested_at.isoformat())
    for vehicle in prospect.vehicles:
        _vehicle(element, vehicle)
    _customer(element, prospect.customer)
    _vendor(element, prospect.vendor)
    _provider(element, prospect.provider)


def _vehicle(prospect: Element, vehicle: Vehicle) -> None:
    element = SubElement(prospect, "vehicle", interest=vehicle.interest, status=vehicle.status)
    for name in ("year", "make", "model", "vin", "stock", "trim"):
        _leaf(element, name, getattr(vehicle, name))
    _details(element, vehicle, "doors", "bodystyle", "transmission")
    _leaf(element, "odometer", vehicle.odometer, status=vehicle.odometer_status, units=vehicle.odometer_unit)
    _details(element, vehicle, "condition")
    for colours in vehicle.colours:
        combination = SubElement(element, "colorcombination")
        _leaf(combination, "interiorcolor", colours.interior)
        _leaf(combination, "exteriorcolor", colours.exterior)
    _details(element, vehicle, "imagetag")
    for price in vehicle.prices:
        _price(element, "price", price)
    _details(element, vehicle, "pricecomments")
    for option in vehicle.options:
        _leaf(SubElement(element, "option"), "optionname", option)
    _finance(element, vehicle.finance)
    _leaf(element, "comments", vehicle.comments)


def _details(element: Element, vehicle: Vehicle, *names: str) -> None:
    for name in names:
        _leaf(element, name, vehicle.details.get(name))


def _price(parent: Element, name: str, price: Price | None) -> None:
    if price is not None:
        amount = int(price.amount) if price.amount.is_integer() else price.amount
        _leaf(parent, name, amount, type=price.kind, currency=price.currency)


def _finance(vehicle: Element, finance: Finance) -> None:
    if finance.method or finance.amounts or finance.balance:
        element = SubElement(vehicle, "finance")
        _leaf(element, "method", finance.method)
        for amount in finance.amounts:
            _price(element, "amount", amount)
        _price(element, "balance", finance.balance)


def _customer(prospect: Element, customer: Customer) -> None:
    element = SubElement(prospect, "customer")
    _contact(element, customer.contact)
    if customer.timeframe or customer.earliest or customer.latest:
        timeframe = SubElement(element, "timeframe")
        _leaf(timeframe, "description", customer.timeframe)
        _leaf(timeframe, "earliestdate", customer.earliest)
        _leaf(timeframe, "latestdate", customer.latest)
    _leaf(element, "comments", customer.comments)


def _contact(parent: Element, contact: Contact) -> None:
    element = SubElement(parent, "contact")
    _leaf(element, "name", contact.name, part="full")
    _leaves(element, "email", contact.emails)
    for phone in contact.phones:
        preferred = "1" if phone.preferred else None
        _leaf(element, "phone", phone.number, type=phone.kind, time=phone.time, preferredcontact=preferred)
    if contact.address is not None:
        _address(element, contact.address)


def _address(contact: Element, address: Address) -> None:
    element = SubElement(contact, "address")
    for line, street in enumerate(address.street, 1):
        _leaf(element, "street", street, line=line)
    _leaf(element, "apartment", address.apartment)
    _leaf(element, "city", address.city)
    _leaf(element, "regioncode", address.region_code)
    _leaf(element, "postalcode", address.postal_code)
    _leaf(element, "country", address.country)


def _vendor(prospect: Element, vendor: Vendor) -> None:
    element = SubElement(prospect, "vendor")
    _leaf(element, "id", vendor.id)
    _leaf(element, "vendorname", vendor.name)
    if vendor.contact is not None:
        _contact(element, vendor.contact)


def _provider(prospect: Element, provider: Provider) -> None:
    if provider == Provider():
        return
    element = SubElement(prospect, "provider")
    _leaf(element, "id", provider.id)
    _leaf(element, "name", provider.name, part="full")
    _leaf(element, "service", provider.service)
    _leaf(element, "url", provider.url)
    _leaf(element, "email", provider.email)


def _leaves(parent: Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _leaf(parent, name, text)


def _leaf(parent: Element, name: str, value: object, **attributes: object) -> None:
    """A child that says something; none where there is nothing to say."""
    if value is not None:
        said = {key: xml_text(str(each)) for key, each in attributes.items() if each is not None}
        SubElement(parent, name, said).text = xml_text(str(value))
