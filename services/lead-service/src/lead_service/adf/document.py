"""From bytes to the `<adf>` elements in them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from html import entities
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from lead_service.adf.model import Dropped

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""", re.IGNORECASE)
_DTD = re.compile(r"<!(?:DOCTYPE|ENTITY)\b", re.IGNORECASE)
_TAG = re.compile(r"<(?P<end>/?)adf\b[^<>]*?(?P<empty>/?)>", re.IGNORECASE)
_AMPERSAND = re.compile(r"&(?:(#\w+|amp|lt|gt|quot|apos)|(\w+))?(;)?")
_MEANT = ("utf-8", "gb18030")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class AdfRefused(ValueError):
    """The document cannot be read as ADF."""


def adf_elements(document: bytes | str, *, encoding: str | None = None, dropped: list[Dropped]) -> list[Element]:
    """The document's `<adf>` elements, names in lower case and without namespaces.

    Bytes are read in `encoding`, where the transport named one, else as they declare themselves; a declaration that
    is wrong joins `dropped`.

    Raises:
        AdfRefused: there is none, one is not well-formed, or the document brings a DTD or entities.
    """
    text = document if isinstance(document, str) else _read(document, encoding or _declared_encoding(document), dropped)
    if _DTD.search(text):
        raise AdfRefused("DTDs and entity declarations are refused")
    found = [_lowered(_element(part)) for part in _adf_parts(text)]
    if not found:
        raise AdfRefused("there is no complete <adf> element in it")
    return found


def _adf_parts(text: str) -> Iterator[str]:
    """Each `<adf>…</adf>` of the text, in one pass however often the tag is opened and never closed."""
    start: int | None = None
    for tag in _TAG.finditer(text):
        if start is None and not tag["end"]:
            start = tag.start()
        if start is not None and (tag["end"] or tag["empty"]):
            yield text[start : tag.end()]
            start = None


def _declared_encoding(document: bytes) -> str:
    """By byte order mark, else as the XML declaration says, else UTF-8."""
    if document.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    declared = _DECLARED.search(document[:2048])
    return declared[1].decode("ascii") if declared else "utf-8"


def _read(document: bytes, encoding: str, dropped: list[Dropped]) -> str:
    """The text in its encoding, else in the one that Chinese senders mean when theirs is wrong."""
    try:
        return _decode(document, encoding)
    except LookupError as error:
        raise AdfRefused(f"it is not written in {encoding}: {error}") from error
    except UnicodeDecodeError as error:
        for other in _MEANT:
            with suppress(UnicodeDecodeError):
                text = _decode(document, other)
                dropped.append(Dropped("encoding", encoding, f"it is written in {other}"))
                return text
        raise AdfRefused(f"it is not written in {encoding}: {error}") from error


def _decode(document: bytes, encoding: str) -> str:
    """The text. GB2312 and GBK are read as GB18030, which holds both; a byte order mark is no text."""
    return document.decode("gb18030" if encoding.lower().startswith("gb") else encoding).removeprefix("\ufeff")


def _element(text: str) -> Element:
    """The element, as it stands if it is well-formed, else after mending its ampersands."""
    try:
        return _parsed(text)
    except ParseError:
        pass
    try:
        return _parsed(_mended(text))
    except ParseError as error:
        raise AdfRefused(f"the XML is not well-formed: {error}") from error


def _parsed(text: str) -> Element:
    try:
        element: Element = ElementTree.fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise AdfRefused("DTDs and entity declarations are refused") from error
    return element


def _mended(text: str) -> str:
    """The text with bare ampersands and HTML's entities as XML knows them, and without control characters."""
    plain, *others = _NOT_XML.sub("", text).split(_CDATA)
    mended = [_AMPERSAND.sub(_ampersand, plain)]
    for other in others:
        literal, end, plain = other.partition(_CDATA_END)
        mended += [_CDATA, literal, end, _AMPERSAND.sub(_ampersand, plain)]
    return "".join(mended)


def _ampersand(match: re.Match[str]) -> str:
    known, name, semicolon = match.groups()
    if known and semicolon:
        return match[0]
    if name and semicolon:
        codepoint = entities.name2codepoint.get(name)
        return chr(codepoint) if codepoint else match[0]
    return "&amp;" + match[0][1:]


def _lowered(root: Element) -> Element:
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2].lower()
            element.attrib = {name.rpartition("}")[2].lower(): value for name, value in element.attrib.items()}
    return root
