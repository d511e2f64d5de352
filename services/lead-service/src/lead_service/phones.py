"""Phone numbers as people write them."""

import re
import unicodedata
from typing import cast

import phonenumbers
from phonenumbers import PhoneNumberDesc, PhoneNumberFormat, PhoneNumberType
from phonenumbers.data.region_CN import PHONE_METADATA_CN as CHINA

from lead_service.domain.contact import Phone

HOME = "CN"
"""Where a number without a country code is."""

NORTH_AMERICA = "US"
"""Any country of its numbering plan: the digits alone say which."""

_COUNTRIES = {"USA": "US", "UNITED STATES": "US", "CANADA": "CA", "CHINA": "CN", "中国": "CN"}
_CHINAS = 86
_EXTENSION = re.compile(r"\s*(?:转|分机号?|ext\.?)\s*", re.IGNORECASE)
_MOBILE = re.compile(cast("str", cast("PhoneNumberDesc", CHINA.mobile).national_number_pattern), re.ASCII)
"""What the plan says of Chinese mobile numbers. Most come as just these digits: 110 calls less than parsing them."""
_VIRTUAL_OPERATOR = re.compile(r"\+861(?:70|71|62|65|67)\d{8}")


def parse_phone(text: str, region: str = HOME) -> Phone:
    """The number that `text` spells, full-width or not, with or without its extension; national ones are `region`'s.

    It is taken for a relay (隐私号) if it has an extension or belongs to a virtual operator (162,
    165, 167, 170, 171): platforms hand those out for a while to one person after another.

    Raises:
        ValueError: it is no number that anybody can have (ITU-T E.164, by libphonenumber's plans), or a fixed line's
            without its 0, which may be another country's: 310-555-1212 is nobody in Hebei.
    """
    if region == HOME and _MOBILE.fullmatch(text):
        return _phone(f"+86{text}")
    written = _EXTENSION.sub(",", unicodedata.normalize("NFKC", text))
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_valid_number(number) or _lacks_area_code(written, number):
        raise ValueError("not a phone number that anybody can have")
    return _phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), number.extension)


def region_of(country: str | None) -> str:
    """The region whose national numbers somebody in `country` writes: an ISO 3166-1 code, or a name that is known."""
    named = (country or "").strip().upper()
    region = _COUNTRIES.get(named, named)
    return region if region in phonenumbers.SUPPORTED_REGIONS else HOME


def _lacks_area_code(written: str, number: phonenumbers.PhoneNumber) -> bool:
    if number.country_code != _CHINAS or phonenumbers.number_type(number) != PhoneNumberType.FIXED_LINE:
        return False
    digits = "".join(character for character in written if character in "+0123456789")
    return not digits.startswith(("0", "+", "86"))


def _phone(e164: str, extension: str | None = None) -> Phone:
    return Phone(e164, extension or None, bool(extension or _VIRTUAL_OPERATOR.fullmatch(e164)))
