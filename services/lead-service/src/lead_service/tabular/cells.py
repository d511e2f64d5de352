"""What people and Excel leave in a cell before anybody asks what it holds."""

import re
import unicodedata

from lead_service.tabular.model import CellRefused

_NOTHING = (
    r"- -- --- — —— / \ \n . 无 空 暂无 没有 未知 不详 未填 未填写 保密 不限 待定 未定 面议 待确认 "
    "n/a null (null) none nil nan unknown tbd"
)
BLANKS = frozenset({"", *_NOTHING.split()})
"""What stands for nothing, in any case and width; `\\N` is MySQL's."""
_NO_DATE = "0000-00-00"
"""MySQL's again, with or without a time."""

_LONGEST_BLANK = max(map(len, BLANKS))

_EXCEL_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|NUM!|DIV/0!|NULL!|SPILL!|CALC!|#+)", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
"""Control characters, and marks of width and direction that come along from chats and web pages."""

_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d+)", re.IGNORECASE)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(\.0+)?")
_POINT_ZERO = re.compile(r"\d+\.0+")


def cleaned(cell: str) -> str:
    """The cell without what nobody sees, and without the apostrophe or ="" that makes it text to Excel; "" if blank.

    Raises:
        CellRefused: Excel shows an error there.
    """
    text = _UNSEEN.sub("", cell).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    if text[:1] in ("'", "＇") or (text[:1] in ("‘", "’") and text[1:2].isdigit()):
        text = text[1:].strip()
    if text.startswith("#") and _EXCEL_ERROR.fullmatch(text):
        raise CellRefused(
            f"Excel 在这里显示错误 {text}。请改正公式，或填写实际内容。",
            f"Excel shows the error {text} here. Correct the formula, or write what it should be.",
        )
    is_blank = len(text) <= _LONGEST_BLANK and plain(text).casefold() in BLANKS
    return "" if is_blank or text.startswith(_NO_DATE) else text


def plain(text: str) -> str:
    """The text in half-width, digits and all, without white space around it."""
    return unicodedata.normalize("NFKC", text).strip()


def digits_kept(text: str) -> str:
    """A number that identifies something, such as a phone, as it was before Excel took it for a quantity.

    Raises:
        CellRefused: Excel has dropped some of its digits.
    """
    bare = plain(text)
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(",", "")
    if match := _SCIENTIFIC.fullmatch(bare):
        first, rest, exponent = match[1], match[2] or "", int(match[3])
        if len(rest) < exponent:
            raise CellRefused(
                f"Excel 把号码变成了 {bare}，后面的数字已经丢失，无法还原。"
                "请在原表里把这一列设为“文本”格式，再重新导出。",
                f"Excel has turned the number into {bare}; its last digits are lost and cannot be restored. "
                'Format the column as "Text" in the original and export it again.',
            )
        if len(rest) == exponent:
            return first + rest
    return bare.partition(".")[0] if _POINT_ZERO.fullmatch(bare) else bare


def bounded(text: str, longest: int) -> str:
    """The text, if it has no more characters than `longest`.

    Raises:
        CellRefused: it has.
    """
    if len(text) > longest:
        raise CellRefused(
            f"有 {len(text):,} 个字，最多 {longest:,} 个。请缩短。",
            f"It has {len(text):,} characters, at most {longest:,} fit. Shorten it.",
        )
    return text
