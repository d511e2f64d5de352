"""Amounts of money as people write them: ¥150,000, 15万, 15-20万, 20w以内."""

import re
from decimal import Decimal

from lead_service.tabular.cells import plain
from lead_service.tabular.model import CellRefused

_FEN = 100
_TEN_THOUSAND = 10_000
_LEAST_CERTAIN = 1_000
"""Fewer yuan than this buy no car: whoever writes 15 means 15万, or has made a slip."""
_MOST = 1_000_000_000

_WORDS = re.compile(
    r"人民币|rmb|cny|yuan|预算|价格|大约|大概|约|左右|上下|以内|以下|之内|不超过|最多|到手|落地|以上|起|元整?|块|[+]|[¥￥$\s]"
)
_RANGE = re.compile(r"(?P<low>[\d.,]+)(?P<low_unit>[万wk]?)(?:-|~|—|–|至|到)+(?P<high>[\d.,]+)(?P<high_unit>[万wk]?)")
_ONE = re.compile(r"(?P<high>[\d.,]+)(?P<high_unit>[万wk]?)")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
_UNITS = {"万": _TEN_THOUSAND, "w": _TEN_THOUSAND, "k": 1_000}


def read_cents(text: str, *, factor: int = 1) -> int:
    """The amount in fen (分). Of a range (15-20万) it is the upper end: what somebody would spend at most.

    A number without a unit counts `factor` yuan each.

    Raises:
        CellRefused: it is no amount, an odd one, or one that could be yuan or 万.
    """
    bare = _WORDS.sub("", plain(text).casefold())
    match = _RANGE.fullmatch(bare) or _ONE.fullmatch(bare)
    if match is None or not _THOUSANDS.fullmatch(match["high"]):
        raise CellRefused(
            f"看不懂金额“{text}”。请写成 150000、15万 或 15-20万。",
            f'"{text}" is no amount. Write 150000, 15万 or 15-20万.',
        )
    number = Decimal(match["high"].replace(",", ""))
    unit = match["high_unit"]
    if not unit and factor == 1 and number < _LEAST_CERTAIN:
        raise CellRefused(
            f"“{text}”是元还是万元？请写成 {text}万，或写全数字。",
            f'Is "{text}" yuan or 万 (ten thousands)? Write {text}万, or all of the digits.',
        )
    yuan = number * (_UNITS[unit] if unit else factor)
    if yuan > _MOST:
        raise CellRefused(f"金额“{text}”太大，请检查单位。", f'"{text}" is too much; look at the unit.')
    return int(yuan * _FEN)
