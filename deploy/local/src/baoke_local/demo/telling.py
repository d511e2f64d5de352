"""How the story looks at a terminal."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Tell = Callable[[str], None]

FILES = Path(__file__).parent / "files"


def text_of(name: str) -> str:
    """A sample file."""
    return (FILES / name).read_text(encoding="utf-8")


def json_of(name: str) -> Any:
    """A sample file of JSON."""
    return json.loads(text_of(name))


def chapter(tell: Tell, number: int, title: str) -> None:
    """Begin a flow."""
    tell(f"\n{number}. {title}")


def fact(tell: Tell, text: str) -> None:
    """Something that happened."""
    tell(f"   • {text}")


def effect(tell: Tell, text: str) -> None:
    """What it brought about, without anybody's doing."""
    tell(f"     → {text}")


def message(tell: Tell, sent: dict[str, Any]) -> None:
    """What a customer received."""
    words = " ".join(str(sent["text"]).split())
    tell(f"     ✉ [{sent['channel']}] {words}")


def yuan(cents: int) -> str:
    """¥1,280.00."""
    return f"¥{cents / 100:,.2f}"
