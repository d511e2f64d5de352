"""Leads that leave the system as a file: a thing that is remembered of who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet run a cell instead of showing it (OWASP, CSV injection)."""


class ExportFormat(StrEnum):
    """How leads are written."""

    CSV = "csv"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class LeadExport:
    """One export: who, when, of which leads, with or without their numbers. `leads` is how many have left so far.

    One that never finished was broken off; what had left by then is counted.
    """

    dealer_id: UUID
    id: UUID
    exported_by: str
    format: ExportFormat
    wanted: Mapping[str, object]
    with_phones: bool
    started_at: datetime
    leads: int = 0
    finished_at: datetime | None = None


def harmless(text: str) -> str:
    """The cell as a spreadsheet shows it, whatever it is: what would run gets an apostrophe before it.

    A number in E.164 is one, and stays as it is.
    """
    runs = text.startswith(_FORMULA) and not (text[0] == "+" and text[1:].isascii() and text[1:].isdigit())
    return f"'{text}" if runs else text
