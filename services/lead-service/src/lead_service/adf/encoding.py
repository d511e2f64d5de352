"""From bytes to text: in the encoding that was named, else in the one that was meant."""

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress

from lead_service.adf.model import Dropped

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", re.IGNORECASE)
_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\x00": "utf-16-le",
    b"\x00<": "utf-16-be",
}
_WESTERN = ("ascii", "iso8859-1", "cp1252")
"""Names of Python's for what is Windows-1252 wherever it is sent (WHATWG Encoding, 4.2)."""
_WINDOWS = "windows-1252"
_CHINESE = "gb18030"

_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_BAD, _GOOD_FOR_EACH_BAD = "\ufffd", 10


def text_of(document: bytes, encoding: str | None, dropped: list[Dropped]) -> str:
    """The text, in the encoding of its byte order mark, else in `encoding`, else as it declares itself, else in UTF-8.

    Where it is not written so, the encoding that it is written in joins `dropped`. Bytes that are no text in any
    stand as U+FFFD, which is said there too.
    """
    named = _marked(document) or encoding or _declared(document) or "utf-8"
    for codec, is_named in _ways(document, named):
        with suppress(LookupError, ValueError):
            text = document.decode(codec)
            if not is_named:
                dropped.append(Dropped("encoding", named, f"it is written in {codec}"))
            return text.removeprefix("\ufeff")
    dropped.append(Dropped("encoding", named, "some bytes are no text in it; each is read as \ufffd"))
    return document.decode("utf-8", errors="replace")


def _marked(document: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS.items() if document.startswith(mark)), None)


def _declared(document: bytes) -> str | None:
    declared = _DECLARED.search(document[:2048])
    return declared[1].decode("ascii") if declared else None


def _ways(document: bytes, named: str) -> Iterator[tuple[str, bool]]:
    """Encodings to try, and whether each is what was named, the likeliest first."""
    known = _known(named)
    if known in _WESTERN:
        if not document.isascii():
            yield "utf-8", False
        yield _WINDOWS, True
        yield "iso8859-1", True
    elif known.startswith("gb"):
        yield _CHINESE, True
    elif not known.startswith(("utf-16", "utf-32")) or b"\x00" in document:
        yield named, True
    yield "utf-8", False
    if not _is_nearly_utf8(document):
        yield from ((codec, False) for codec in _by_shape(document))


def _known(named: str) -> str:
    try:
        return codecs.lookup(named).name
    except (LookupError, ValueError):
        return ""


def _is_nearly_utf8(document: bytes) -> bool:
    """Whether few characters of it are broken, as after a cut or a paste."""
    text = document.decode("utf-8", errors="replace")
    bad = text.count(_BAD)
    return sum(not character.isascii() for character in text) - bad >= bad * _GOOD_FOR_EACH_BAD


def _by_shape(document: bytes) -> tuple[str, str]:
    """The letters of Western languages stand alone among ASCII, those of Chinese in pairs and in rows."""
    rows = _BEYOND_ASCII.findall(document)
    alone = sum(len(row) == 1 for row in rows)
    return (_WINDOWS, _CHINESE) if alone * 2 > len(rows) else (_CHINESE, _WINDOWS)
