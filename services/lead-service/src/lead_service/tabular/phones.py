"""Phone numbers as tables hold them."""

import re

from lead_service.tabular.cells import digits_kept
from lead_service.tabular.model import CellRefused

_BETWEEN = re.compile(r"(?<=\d{7})\s*[/、,;，；|&\n]\s*(?=\+?\d{7})|(?<=\d{11})\s+(?=1\d{10}$)")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―()._]+")
_PLAIN = re.compile(r"\+?\d+")
_STARRED = re.compile(r"\d+[*xX×•●]{2,}\d*")


def read_phone(text: str) -> str:
    """The number without what is only written: `+86 138-0013-8000`, `0086…` and `1.3800138000E+10` come out as digits.

    Whether somebody can have the number is not judged here; one with an extension stays as it is.

    Raises:
        CellRefused: digits are lost or hidden, or there are two numbers.
    """
    bare = digits_kept(text)
    if _BETWEEN.search(bare):
        raise CellRefused(
            f"一格里有两个号码：{bare}。请只留一个，另一个写进备注。",
            f"There are two numbers: {bare}. Keep one, and put the other into the note.",
        )
    if _STARRED.fullmatch(_SEPARATORS.sub("", bare)):
        raise CellRefused(
            f"号码被隐藏了几位：{bare}。请填写完整的号码。",
            f"Digits are hidden: {bare}. Write the whole number.",
        )
    joined = _SEPARATORS.sub("", bare)
    if not _PLAIN.fullmatch(joined):
        return bare
    return f"+{joined[2:]}" if joined.startswith("00") else joined
