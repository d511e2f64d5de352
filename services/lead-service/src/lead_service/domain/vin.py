"""Vehicle identification numbers (ISO 3779) and their check digit (49 CFR 565.15, GB 16735)."""

import re
import unicodedata

_FORM = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = {**{str(d): d for d in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
_VALUES |= {**dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9}
_VALUES |= dict(zip("STUVWXYZ", range(2, 10), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECKED_REGIONS = "L145"
"""China and North America, where the check digit is the law. Elsewhere its place holds anything."""


def parse(text: str) -> str:
    """The VIN that `text` spells, in upper case and half-width.

    Raises:
        ValueError: it is no VIN, or its check digit is wrong where one is required.
    """
    vin = unicodedata.normalize("NFKC", text).strip().upper()
    if not _FORM.fullmatch(vin):
        raise ValueError("a VIN has 17 letters and digits, without I, O and Q")
    if vin[0] in _CHECKED_REGIONS and not has_check_digit(vin):
        raise ValueError(f"the check digit of {vin} should be {check_digit(vin)}, not {vin[8]}")
    return vin


def has_check_digit(vin: str) -> bool:
    """Whether the ninth place of a well-formed VIN holds its check digit."""
    return vin[8] == check_digit(vin)


def check_digit(vin: str) -> str:
    """The digit that belongs in the ninth place: the weighted sum modulo 11, where 10 is X."""
    rest = sum(_VALUES[c] * weight for c, weight in zip(vin, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)  # noqa: PLR2004 (the formula's own number)
