"""Numbers as senders write them."""

import re

from lead_service.adf.model import Price

_AMOUNT = re.compile(
    r"(?P<sign>[^\d.,\s-]*)\s*(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<unit>万|[kKwW](?![A-Za-z]))?"
    r"\s*(?P<word>[A-Za-z元]*)"
)
_CURRENCIES = {
    **dict.fromkeys(("$", "US$", "USD"), "USD"),
    **dict.fromkeys(("C$", "CAD"), "CAD"),
    **dict.fromkeys(("€", "EUR"), "EUR"),
    **dict.fromkeys(("¥", "￥", "元", "RMB", "CNY", "人民币"), "CNY"),
}
_UNITS = {"万": 10_000, "w": 10_000, "k": 1_000}


def whole(text: str) -> int:
    """A whole number, with or without separators of thousands.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"\d+(?:,\d{3})*(?:\.0+)?", text):
        raise ValueError("not a whole number")
    return int(text.replace(",", "").partition(".")[0])


def price(text: str, kind: str | None, currency: str | None) -> Price:
    """An amount of that kind: `35,000`, `$35,000`, `21.98万`. The attribute names the currency, else its sign does.

    Raises:
        ValueError: it is no amount, or more than one.
    """
    match = _AMOUNT.fullmatch(text.strip())
    signs = [sign.upper() for sign in (match["sign"], match["word"]) if sign] if match else []
    if match is None or any(sign not in _CURRENCIES for sign in signs):
        raise ValueError("not an amount")
    amount = float(match["number"].replace(",", "")) * _UNITS.get((match["unit"] or "").lower(), 1)
    named = (currency or "").upper() or next((_CURRENCIES[sign] for sign in signs), None)
    return Price(round(amount, 2), kind, named)
