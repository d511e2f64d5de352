"""Leads that leave the system as a file: a thing that is remembered of who did it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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
