"""From bytes to the `<adf>` elements in them."""

import re
from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from lead_service.adf.encoding import text_of
from lead_service.adf.mending import mended
from lead_service.adf.model import Dropped

_MARK = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|(?P<dtd><!(?:DOCTYPE\b(?!\s+html[^\[<>]*>)|ENTITY\b))"
    r"|<(?P<end>/?)(?P<name>adf|prospect)\b[^<>]*?(?P<empty>/?)>",
    re.IGNORECASE | re.DOTALL,
)
"""What begins and ends a document. The doctype of an HTML mail around it declares nothing."""

_TAG = re.compile(r"<[^<>]*>")
_OPENED, _SHOWN = (re.compile(rf"{mark}(?:adf|prospect)\b", re.IGNORECASE) for mark in ("<", "&lt;"))


class AdfRefused(ValueError):
    """The document cannot be read as ADF."""


class TooManyProspects(ValueError):
    """The document has more prospects than are taken at once."""

    def __init__(self, given: int, most: int) -> None:
        super().__init__(f"It has {given:,} prospects. Send up to {most:,} in a document.")


def adf_elements(
    document: bytes | str, *, encoding: str | None = None, most_tags: int | None = None, dropped: list[Dropped]
) -> list[Element]:
    """The document's `<adf>` elements, names in lower case and without namespaces.

    Bytes are read in `encoding`, where the transport named one, else as they declare themselves. A declaration that
    is wrong, an `<adf>` that is missing and what was mended join `dropped`.

    Raises:
        AdfRefused: there is none, the document brings a DTD or entities, or has more than `most_tags`.
    """
    text = _itself(document if isinstance(document, str) else text_of(document, encoding, dropped))
    if most_tags is not None and text.count("<") > most_tags:
        raise AdfRefused(f"it has more than {most_tags:,} tags")
    found = [_lowered(_element(part, line, dropped)) for part, line in list(_parts(text, dropped))]
    if not found:
        raise AdfRefused("there is no complete <adf> element in it")
    return found


def _itself(text: str) -> str:
    """The document, where the text is a page of HTML that shows it."""
    is_shown = _SHOWN.search(text) and not _OPENED.search(text)
    return unescape(_TAG.sub("\n", text)) if is_shown else text


def _parts(text: str, dropped: list[Dropped]) -> Iterator[tuple[str, int]]:
    """Each `<adf>…</adf>` of the text with its line, in one pass however often the tag is opened and never closed.

    Prospects that no `<adf>` stands around, or one that never ends, are taken as far as they are whole.
    """
    start = first = last = None
    line = counted = 0
    for mark in _MARK.finditer(text):
        if mark["dtd"]:
            raise AdfRefused("DTDs and entity declarations are refused")
        name, ends = (mark["name"] or "").lower(), bool(mark["end"] or mark["empty"])
        if name == "prospect":
            first = mark.start() if first is None and not mark["end"] else first
            last = mark.end() if ends else last
        elif name == "adf":
            start = mark.start() if start is None and not mark["end"] else start
            if start is not None and ends:
                line, counted = line + text.count("\n", counted, start), start
                yield text[start : mark.end()], line + 1
                start = first = last = None
    if first is not None and last is not None:
        rest = " ".join(text[last : last + 100].split())
        dropped.append(Dropped("adf", rest, "the element is missing, or never closed; whole prospects are taken"))
        yield f"<adf>{text[first:last]}</adf>", line + text.count("\n", counted, first) + 1


def _element(text: str, line: int, dropped: list[Dropped]) -> Element:
    """The element, as it stands if it is well-formed, else as it was meant."""
    try:
        return _parsed(text)
    except ParseError:
        pass
    try:
        return _parsed(mended(text, line, dropped))
    except ParseError as error:
        raise AdfRefused(f"the XML is not well-formed: {error}") from error


def _parsed(text: str) -> Element:
    try:
        element: Element = ElementTree.fromstring(text, forbid_dtd=True)
    except DefusedXmlException as error:
        raise AdfRefused("DTDs and entity declarations are refused") from error
    return element


def _lowered(root: Element) -> Element:
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2].lower()
            element.attrib = {name.rpartition("}")[2].lower(): value for name, value in element.attrib.items()}
    return root
