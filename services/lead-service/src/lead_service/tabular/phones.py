"""Phone numbers as tables hold them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lead_service.tabular.cells import digits_kept
from lead_service.tabular.model import CellRefused

_PLAIN = re.compile(r"1[3-9]\d{9}", re.ASCII)
"""As nearly all come."""
_BETWEEN = re.compile(r"(?<=\d{7})\s*[/、,;，；|&\n]\s*(?=\+?\d{7})|(?<=\d{11})\s+(?=1\d{10}(?!\d))")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―()._]+")
_WHOLE = r"1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|0[1-9]\d{1,2}[\s-]?\d{3,4}[\s-]?\d{4}|[48]00[\s-]?\d{3}[\s-]?\d{4}"
"""A Chinese number that is complete: a mobile one, one with its area code, or one of a service."""
_EXTENDED = re.compile(
    rf"(?P<before>[^\d+]*)(?P<number>(?:(?:\+|00)?86[\s-]?)?(?:{_WHOLE}))"
    r"\s*(?:转|分机号?|ext\.?|[,#*x-])[\s:]*(?P<extension>\d{2,6})(?P<after>\D*)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?P<before>[^\d+]*)(?P<number>\+?\d{5,20})(?P<after>[^\d+]*)")
_STARRED = re.compile(r"\d+[*xX×•●]{2,}\d*")
_LABELS = re.compile(r"手机号?码?|电话号?码?|联系方式|mobile|phone|tel|cell|\bp\b|[\s:;,/()]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WrittenPhones:
    """The numbers of a cell, and the words that stand around them: 微信同号, 李先生."""

    numbers: Sequence[str]
    words: str = ""


def read_phones(text: str) -> WrittenPhones:
    """The numbers without what is only written: `+86 138-0013-8000`, `0086…` and `1.3800138000E+10` come out as digits.

    Of a number with an extension, as relays have it (17012345678,0123), 转 stands between the two. Whether somebody can
    have the number is not judged here.

    Raises:
        CellRefused: digits are lost or hidden.
    """
    if _PLAIN.fullmatch(text):
        return WrittenPhones([text])
    bare = digits_kept(text)
    if _STARRED.fullmatch(_SEPARATORS.sub("", bare)):
        raise CellRefused(
            f"号码被隐藏了几位：{bare}。请填写完整的号码。",
            f"Digits are hidden: {bare}. Write the whole number.",
        )
    read = [_read(piece) for piece in _BETWEEN.split(bare)]
    return WrittenPhones([number for number, _ in read], " ".join(words for _, words in read if words))


def _read(piece: str) -> tuple[str, str]:
    """One number, and the words around it; the piece as it is where it is none."""
    if match := _EXTENDED.fullmatch(piece):
        number = f"{_SEPARATORS.sub('', match['number'])}转{match['extension']}"
    elif match := _ALONE.fullmatch(_SEPARATORS.sub("", piece)):
        number = match["number"]
    else:
        return piece, ""
    words = " ".join(_LABELS.sub(" ", match[side]).strip() for side in ("before", "after")).strip()
    return f"+{number[2:]}" if number.startswith("00") else number, words
