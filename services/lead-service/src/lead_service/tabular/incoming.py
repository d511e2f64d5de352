"""A file while it comes in: in which encoding it is written, and its bytes as ASCII's relatives have them."""

import codecs
from hashlib import sha256

from lead_service.tabular.model import TableRefused

_HEAD = 4096
"""Bytes that are looked at before anything is passed on."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ASCII = bytes(range(128))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How .xlsx (ZIP) and .xls (OLE2) begin."""

_MANY = 0.2
_FEW = 10
"""In UTF-8 with a damaged cell far fewer than one in ten bytes beyond ASCII are wrong; in GBK nearly all are."""


class Incoming:
    """Takes a file in pieces and hands on what is to be kept: no byte order mark, and UTF-8 for UTF-16.

    UTF-8 and GB18030 (which holds GBK and GB2312) stay as they are. In both a comma, a quotation mark or the end of a
    line is one byte that is part of nothing else, so a row can be found without reading its words.
    """

    def __init__(self) -> None:
        self._digest = sha256()
        self._head: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._beyond_ascii = self._broken = 0

    @property
    def digest(self) -> str:
        """SHA-256 of the file as it was sent."""
        return self._digest.hexdigest()

    @property
    def encoding(self) -> str:
        """`utf-8` or `gb18030`: what the bytes handed on are written in. Known at the end."""
        return "utf-8" if self._broken * _FEW <= self._beyond_ascii else "gb18030"

    def take(self, piece: bytes) -> bytes:
        """The next piece of the file; what of it is to be kept.

        Raises:
            TableRefused: it is an Excel workbook, or something else that is no text.
        """
        self._digest.update(piece)
        if self._head is None:
            return self._passed(piece)
        self._head += piece
        return self._opened() if len(self._head) >= _HEAD else b""

    def end(self) -> bytes:
        """The file is complete; what is left to be kept. Raises as `take`."""
        rest = self._opened() if self._head is not None else b""
        return rest + self._passed(b"", final=True)

    def _opened(self) -> bytes:
        """What the head comes to, once it says how the file is written."""
        head, self._head = self._head or b"", None
        if head.startswith(_WORKBOOKS):
            raise TableRefused(
                "这是 Excel 工作簿。请在 Excel 中“另存为”，选择“CSV UTF-8（逗号分隔）”后再上传。",
                'This is an Excel workbook. Save it as "CSV UTF-8 (comma delimited)" and send that.',
            )
        marked = next(((mark, encoding) for mark, encoding in _MARKS if head.startswith(mark)), None)
        mark, encoding = marked or (b"", _by_zeros(head))
        if encoding.startswith("utf-16"):
            self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        return self._passed(head[len(mark) :])

    def _passed(self, piece: bytes, *, final: bool = False) -> bytes:
        if self._decoder is not None:
            return self._decoder.decode(piece, final).encode()
        self._beyond_ascii += len(piece.translate(None, _ASCII))
        self._broken += self._utf8.decode(piece, final).count("\ufffd")
        return piece


def _by_zeros(head: bytes) -> str:
    """UTF-16 without a mark has a zero in every other byte of its ASCII; a text has hardly any.

    Raises:
        TableRefused: there are zeros everywhere, as in pictures and programs.
    """
    odd, even = head[1::2].count(0), head[::2].count(0)
    if (odd + even) * 100 <= len(head):
        return "utf-8"
    if max(odd, even) > _MANY * len(head) / 2 and min(odd, even) * _FEW < max(odd, even):
        return "utf-16-le" if odd > even else "utf-16-be"
    raise TableRefused(
        "这不是文本文件。请上传 CSV 文件。",
        "This is not a text file. Send a CSV file.",
    )
