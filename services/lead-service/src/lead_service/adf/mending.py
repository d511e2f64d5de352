"""XML that is not well-formed, as its sender meant it.

No library's: what lxml recovers of `<br>` or of `R&D` has its elements moved and its text lost, because it closes
whatever is open with the next end tag and leaves an ampersand out. This goes by the names of the elements.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from html import entities
from xml.sax.saxutils import escape, quoteattr

from lead_service.adf.characters import xml_text
from lead_service.adf.model import Dropped

MENDED = "line "
"""How the place of something that was mended begins."""

_PART = re.compile(
    r"<!\[CDATA\[(?P<literal>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)"
    r"|<(?P<end>/?)(?:[\w.-]++:)?(?P<name>[A-Za-z_\u4e00-\u9fa5][\w.-]*+)(?P<rest>(?:[\s/][^<>]*+)?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w.:-])(?:\w+:)?([A-Za-z_][A-Za-z0-9_.-]*+)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"']+))"""
)
_REFERENCE = re.compile(r"&(?:#(?P<decimal>\d{1,7})|#[xX](?P<hex>[0-9A-Fa-f]{1,6})|(?P<entity>\w{1,40}));")
_NOT_A_NAME = re.compile(r"[^\w.-]|[^\x00-\x7f\u4e00-\u9fa5]")
_EMPTY = ("br", "hr", "img")
"""Elements of HTML that nobody closes."""
_INSIDE = {"prospect": "adf"} | dict.fromkeys(("requestdate", "vehicle", "customer", "vendor", "provider"), "prospect")
"""What stands in one place only, so that its beginning ends what was left open before."""
_MOST_TOLD = 100


def mended(text: str, first_line: int, dropped: list[Dropped]) -> str:
    """The element as well-formed XML without namespaces, its names in lower case.

    Bare ampersands and `<` are text, entities of HTML their characters, unknown ones text. What was left open or
    closes nothing joins `dropped` with its line, up to 100 of them.
    """
    return _Mending(text, first_line, dropped).run()


def plain(text: str) -> str:
    """The text with its references resolved as HTML does, which knows no entities but its own."""
    with_halves = _REFERENCE.sub(_character, text)
    return xml_text(with_halves.encode("utf-16", "surrogatepass").decode("utf-16", "ignore"))


@dataclass(slots=True)
class _Mending:
    text: str
    line: int
    dropped: list[Dropped]
    _done: list[str] = field(default_factory=list)
    _open: list[tuple[str, int]] = field(default_factory=list)
    _counts: Counter[str] = field(default_factory=Counter)
    _told: int = 0

    def run(self) -> str:
        at = 0
        for part in _PART.finditer(self.text):
            self._say(self.text[at : part.start()])
            self.line += self.text.count("\n", at, part.start())
            self._take(part)
            self.line += part[0].count("\n")
            at = part.end()
        self._say(self.text[at:])
        while self._open:
            self._close(meant=False)
        return "".join(self._done)

    def _say(self, text: str) -> None:
        self._done.append(escape(plain(text)))

    def _take(self, part: re.Match[str]) -> None:
        if part["literal"] is not None:
            self._done.append(escape(xml_text(part["literal"])))
        elif part["name"] and _NOT_A_NAME.search(part["name"]):
            self._say(part[0])
        elif part["name"] and part["end"]:
            self._end(part["name"].lower())
        elif part["name"]:
            self._begin(part["name"].lower(), part["rest"])

    def _begin(self, name: str, rest: str) -> None:
        if (outside := _INSIDE.get(name)) and self._counts[outside]:
            while self._open[-1][0] != outside:
                self._close(meant=False)
        said = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(rest.removesuffix("/"))}
        attributes = "".join(f" {key}={quoteattr(plain(value))}" for key, value in said.items() if key != "xmlns")
        self._done.append(f"<{name}{attributes}>")
        self._open.append((name, self.line))
        self._counts[name] += 1
        if rest.endswith("/") or name in _EMPTY:
            self._close(meant=True)

    def _end(self, name: str) -> None:
        if not self._counts[name]:
            if name not in _EMPTY:
                self._tell(self.line, f"</{name}>", "nothing is open that it could close")
            return
        while self._open[-1][0] != name:
            self._close(meant=False)
        self._close(meant=True)

    def _close(self, *, meant: bool) -> None:
        name, line = self._open.pop()
        self._counts[name] -= 1
        self._done.append(f"</{name}>")
        if not meant:
            self._tell(line, f"<{name}>", "it is never closed")

    def _tell(self, line: int, value: str, why: str) -> None:
        self._told += 1
        if self._told <= _MOST_TOLD:
            self.dropped.append(Dropped(f"{MENDED}{line}", value, why))


def _character(reference: re.Match[str]) -> str:
    if reference["entity"]:
        return entities.html5.get(f"{reference['entity']};", reference[0])
    code = int(reference["decimal"]) if reference["decimal"] else int(reference["hex"], 16)
    return chr(code) if code <= 0x10FFFF else ""  # noqa: PLR2004 (the last character there is)
