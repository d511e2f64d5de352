"""Amounts of money as people write them: ¥150,000, 15万, 15-20万, 20w以内."""

import re
from decimal import Decimal
from functools import lru_cache

from lead_service.tabular.cells import plain
from lead_service.tabular.model import CellRefused

_FEN = 100
_TEN_THOUSAND = 10_000
_LEAST_CERTAIN = 1_000
"""Fewer yuan than this buy no car: whoever writes 15 means 15万, or has made a slip."""
_MOST = 1_000_000_000

_ASIDE = re.compile(r"\([^()]*\)")
_FOREIGN = re.compile(r"[$€£₩฿]|us[d$]|hk[d$]|eur|gbp|jpy|[美港欧日韩台]元|美金|港币|英镑|日[元圆]")
_YUAN = re.compile(r"人民币|rmb|cny|yuan|元|块|[¥￥]")
_WORDS = re.compile(
    r"人民币|rmb|cny|yuan|预算|价格|大约|大概|约|左右|上下|以内|以下|之内|之间|范围|内|不超过|不高于|低于|小于|高于|大于|最多|最高"
    r"|控制在|到手|落地价?|裸车价?|以上|起|多|元整?|块|[+<>≤≥≦≧=¥￥\s]"
)
_RANGE = re.compile(r"(?P<low>[\d.,]+)(?P<low_unit>[万wk]?)(?:-|~|—|–|至|到)+(?P<high>[\d.,]+)(?P<high_unit>[万wk]?)")
_ONE = re.compile(r"(?P<high>[\d.,]+)(?P<high_unit>[万wk]?)")
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?")
_EUROPEAN = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?")
_UNITS = {"万": _TEN_THOUSAND, "w": _TEN_THOUSAND, "k": 1_000}
_SWAPPED = str.maketrans(".,", ",.")
_TRADITIONAL = str.maketrans("萬圓圆塊", "万元元块")


@lru_cache(maxsize=1_000)
def read_cents(text: str, *, factor: int = 1) -> int:
    """The amount in fen (分). Of a range (15-20万) it is the upper end: what somebody would spend at most.

    A number without a unit counts `factor` yuan each, unless 元 or ¥ stands beside it, or it is so large that it can
    only be yuan.

    Raises:
        CellRefused: it is no amount, an odd one, one in another currency, or one that could be yuan or 万.
    """
    said = _ASIDE.sub("", plain(text).casefold().translate(_TRADITIONAL))
    if _FOREIGN.search(said):
        raise CellRefused(f"“{text}”不是人民币。请换算成元。", f'"{text}" is another currency. Write it in yuan.')
    bare = _WORDS.sub("", said)
    if factor == 1 and _EUROPEAN.fullmatch(bare):
        bare = bare.translate(_SWAPPED)
    match = _RANGE.fullmatch(bare) or _ONE.fullmatch(bare)
    if match is None or not _THOUSANDS.fullmatch(match["high"]):
        raise CellRefused(
            f"看不懂金额“{text}”。请写成 150000、15万 或 15-20万。",
            f'"{text}" is no amount. Write 150000, 15万 or 15-20万.',
        )
    number, unit = Decimal(match["high"].replace(",", "")), match["high_unit"]
    each = 1 if _YUAN.search(said) or number >= _TEN_THOUSAND else factor
    if not unit and each == 1 and number < _LEAST_CERTAIN:
        raise CellRefused(
            f"“{text}”是元还是万元？请写成 {number}万，或写全数字。",
            f'Is "{text}" yuan or 万 (ten thousands)? Write {number}万, or all of the digits.',
        )
    yuan = number * (_UNITS[unit] if unit else each)
    if yuan > _MOST:
        raise CellRefused(f"金额“{text}”太大，请检查单位。", f'"{text}" is too much; look at the unit.')
    return int(yuan * _FEN)
