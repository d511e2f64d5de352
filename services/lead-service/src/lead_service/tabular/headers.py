"""Which row is the header, what separates the cells, and what each column holds."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence

from lead_service.tabular.model import Column, Layout, TableRefused
from lead_service.tabular.records import read_records, shown

DELIMITERS = (",", ";", "\t", "|")

_LOOKED_AT = 10
"""Rows among which the header is: exports put a title, or Excel's `sep=;`, above it."""
_LONGEST_NAME = 100
_MOST_COLUMNS = 1_000
_CERTAIN = 2
"""Known names that make a header; a single one may be a title."""

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】")
_NOT_LETTERS = re.compile(r"[\W_]+")
_UNIT = re.compile(r"(?:万元?|w|元|rmb|cny)$")
_WHOSE = re.compile(
    r"^(?:请(?:输入|填写|选择|留下))?(?:您|你|客户|顾客|用户|车主|潜客|联系人|线索|留资|意向|咨询|关注|到店|来店|了解|获客|私信|分配|归属|所属"
    r"|user|customer|client|contact|lead|buyer)的?"
)
"""Whose it is, in front of what it is: 您的手机号, 留资门店, user_mobile."""
_NUMBER = re.compile(r"\d+$")
_TEN_THOUSANDS = re.compile(r"万|\(\s*w\s*\)", re.IGNORECASE)


def find_layout(
    head: bytes, encoding: str, names: Mapping[str, str], *, is_last: bool, wanted: Collection[str] = ()
) -> Layout:
    """How the table is written that begins with `head`; `names` says which field a header's name means.

    The header is the first of the first ten rows that names one of the fields `wanted` and another one, by the
    delimiter that shows most names; else the row with the most.

    Raises:
        TableRefused: the file is empty, or none of its first rows names a column that is known.
    """
    known = {header_key(name): field for name, field in names.items()}
    layouts = [layout for delimiter in DELIMITERS for layout in _layouts(head, encoding, known, delimiter, is_last)]
    if not layouts:
        raise TableRefused("文件是空的。", "The file is empty.")
    best = max(layouts, key=lambda layout: _likeness(layout, wanted))
    if all(column.field is None for column in best.columns):
        seen = "、".join(column.header for column in layouts[0].columns)[:200]
        raise TableRefused(
            f"找不到表头：前 {_LOOKED_AT} 行里没有认识的列名（第一行是：{seen}）。"
            "请加上表头，例如：姓名、手机、品牌、车系。",
            f"There is no header: none of the first {_LOOKED_AT} rows has a column name that is known (the first row "
            f"is: {seen}). Add one, such as name, phone, make, model.",
        )
    return best


def _likeness(layout: Layout, wanted: Collection[str]) -> tuple[bool, int, int]:
    """How much the row is like a header: the more, the more so."""
    known = sum(column.field is not None for column in layout.columns)
    if known >= _CERTAIN and any(column.field in wanted for column in layout.columns):
        return True, -layout.row_number, known
    return False, known, -layout.row_number


def _layouts(head: bytes, encoding: str, known: Mapping[str, str], delimiter: str, is_last: bool) -> Iterator[Layout]:
    """What the table would be if the header were its first row with cells, its second, and so on."""
    for number, record in enumerate(read_records(head, delimiter, most=_LOOKED_AT, is_last=is_last), 1):
        columns = columns_of([shown(cell, encoding) for cell in record.cells], known)
        if any(column.header for column in columns):
            yield Layout(delimiter, columns, record.end, number)


def columns_of(headers: Sequence[str], known: Mapping[str, str]) -> list[Column]:
    """The columns of a header; `known` has the fields by `header_key`."""
    return [_column(" ".join(header[:_LONGEST_NAME].split()), known) for header in headers[:_MOST_COLUMNS]]


def _column(header: str, known: Mapping[str, str]) -> Column:
    key = header_key(header)
    spellings = (key, _UNIT.sub("", key), _NUMBER.sub("", key), _WHOSE.sub("", key))
    field = next((known[spelling] for spelling in spellings if spelling in known), None)
    return Column(header, field, 10_000 if _TEN_THOUSANDS.search(unicodedata.normalize("NFKC", header)) else 1)


def header_key(name: str) -> str:
    """The same for all spellings of a column's name: no case, width, spaces, marks, or words in brackets."""
    return _NOT_LETTERS.sub("", _ASIDE.sub("", unicodedata.normalize("NFKC", name).casefold()))
