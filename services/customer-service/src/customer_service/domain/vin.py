"""Vehicle identification numbers: ISO 3779, check digit of 49 CFR 565.15 and GB 16735."""

import re

from customer_service.domain.errors import InvalidVin

WELL_FORMED = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
VALUE_OF = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ", (*range(10), *range(1, 9), 1, 2, 3, 4, 5, 7, 9, *range(2, 10)), strict=True
    )
)
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CHECK_DIGIT_AT = 8
CHECKED_REGIONS = frozenset("L145")
"""China and the United States prescribe the check digit; elsewhere position 9 is the maker's."""


def normal_vin(text: str) -> str:
    """Return `text` as it stands on the plate: upper case, without blanks and hyphens."""
    return re.sub(r"[\s-]", "", text).upper()


def check_digit(vin: str) -> str:
    """Return what position 9 of a well-formed VIN is by the standard: 0 to 9 or X."""
    remainder = sum(VALUE_OF[sign] * weight for sign, weight in zip(vin, WEIGHTS, strict=True)) % 11
    return "0123456789X"[remainder]


def checked_vin(text: str) -> str:
    """Return the VIN in `text` in its normal form.

    Raises:
        InvalidVin: it is not 17 permitted signs, or its check digit is wrong where that is prescribed.
    """
    vin = normal_vin(text)
    if not WELL_FORMED.fullmatch(vin):
        raise InvalidVin("A VIN is 17 letters and digits without I, O and Q.")
    if vin[0] in CHECKED_REGIONS and (reason := wrong_check_digit(vin)):
        raise InvalidVin(reason)
    return vin


def wrong_check_digit(vin: str) -> str | None:
    """Return a sentence about the check digit of a well-formed VIN if it is not the standard's, else None."""
    expected = check_digit(vin)
    if vin[CHECK_DIGIT_AT] == expected:
        return None
    return f"The check digit (position 9) is {vin[CHECK_DIGIT_AT]} where {expected} is expected."
