"""Phone numbers as people write them, and as they are shown."""

import re
import unicodedata

import phonenumbers
from phonenumbers import PhoneNumberFormat

from lead_service.domain.contact import Phone

HOME = "CN"
"""Where a number without a country code is."""

_EXTENSION = re.compile(r"\s*(?:转|分机号?|ext\.?)\s*", re.IGNORECASE)
_VIRTUAL_OPERATOR = re.compile(r"\+861(?:70|71|62|65|67)\d{8}")


def parse_phone(text: str) -> Phone:
    """The number that `text` spells, full-width or not, with or without its extension.

    It is taken for a relay (隐私号) if it has an extension or belongs to a virtual operator (162,
    165, 167, 170, 171): platforms hand those out for a while to one person after another.

    Raises:
        ValueError: it is no number that anybody can have (ITU-T E.164, by libphonenumber's plans).
    """
    written = _EXTENSION.sub(",", unicodedata.normalize("NFKC", text))
    try:
        number = phonenumbers.parse(written, HOME)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("not a phone number that anybody can have")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    relayed = bool(number.extension or _VIRTUAL_OPERATOR.fullmatch(e164))
    return Phone(e164, number.extension or None, relayed)


def masked(number: str) -> str:
    """The number without the digits that make it one person's: `+86138****8000`."""
    return f"{number[:-8]}****{number[-4:]}"
