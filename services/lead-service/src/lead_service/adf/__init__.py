"""ADF 1.0, the Auto-lead Data Format in which the trade sends leads: read leniently, and written.

    >>> adf = parse('<adf><prospect><customer><contact><name>Li Na</name></contact></customer></prospect></adf>')
    >>> adf.prospects[0].customer.contact.name
    'Li Na'
    >>> parse(write(adf)) == adf
    True

Real files are dirty: text around the XML, a wrong encoding, the processing instruction in two spellings, bare
ampersands, HTML, tags that do not fit, elements that are missing, misplaced, repeated or made up, dates without a
zone. What can be understood is, comments with their lines; what of the text was read and is not in the values is
named in `dropped`. DTDs and entities are refused, not resolved.

The package needs the standard library and `defusedxml`, and nothing else of this service.
"""

from lead_service.adf.document import AdfRefused, TooManyProspects
from lead_service.adf.model import (
    Address,
    Adf,
    Colours,
    Contact,
    Customer,
    Dropped,
    Finance,
    Id,
    Phone,
    Price,
    Prospect,
    Provider,
    Status,
    Vehicle,
    Vendor,
)
from lead_service.adf.reading import parse
from lead_service.adf.writing import write

__all__ = [
    "Address",
    "Adf",
    "AdfRefused",
    "Colours",
    "Contact",
    "Customer",
    "Dropped",
    "Finance",
    "Id",
    "Phone",
    "Price",
    "Prospect",
    "Provider",
    "Status",
    "TooManyProspects",
    "Vehicle",
    "Vendor",
    "parse",
    "write",
]
