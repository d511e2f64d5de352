"""What somebody types to find a lead: a name, the end of a phone number, a model."""

import unicodedata
from dataclasses import dataclass

SHORTEST_NUMBER = 4
"""Fewer digits are no phone number's end that anybody would look for."""

_WHOLE_NUMBER = 10
"""From this length on a leading zero is a trunk prefix, or half of an international one."""


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed: `text` as models are compared, and the digits of a number, if it may be one."""

    typed: str
    text: str
    digits: str | None

    @property
    def number_end(self) -> str | None:
        """The digits from the last to the first, as numbers are looked up by their ends."""
        return self.digits[::-1] if self.digits else None


def words_of(typed: str, *, numbers: bool) -> Words:
    """The words of what was typed. Without `numbers` none of it is looked for among phone numbers."""
    text = unicodedata.normalize("NFKC", typed).lower().replace(" ", "")
    return Words(typed, text, _digits(text) if numbers else None)


def _digits(text: str) -> str | None:
    digits = text.translate(str.maketrans("", "", "+-()"))
    if not (digits.isascii() and digits.isdigit()) or len(digits) < SHORTEST_NUMBER:
        return None
    return digits.lstrip("0") if len(digits) >= _WHOLE_NUMBER else digits
