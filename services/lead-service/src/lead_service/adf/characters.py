"""Characters that XML has a place for, and those that were meant by others."""

import re

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_WINDOWS = {code: bytes([code]).decode("cp1252", errors="ignore") for code in range(0x80, 0xA0)}


def as_meant(text: str) -> str:
    """The text with the letters of Windows-1252 for its control characters: `&#146;` is an apostrophe (HTML)."""
    return text.translate(_WINDOWS)


def xml_text(text: str) -> str:
    """The text without what XML 1.0 (2.2) cannot hold: control characters and halves of surrogate pairs."""
    return _NOT_XML.sub("", text)
