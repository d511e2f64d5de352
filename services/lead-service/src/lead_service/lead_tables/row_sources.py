"""Where a row came from, and whose id it has."""

import re
from uuid import UUID

from lead_service.domain.interest import folded
from lead_service.domain.lead_columns import LeadColumn
from lead_service.domain.lead_import import LeadImport
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import PLATFORMS, Channel, Source
from lead_service.lead_tables.row_cells import RowCells
from lead_service.tabular import bounded, digits_kept

LONGEST_REFERENCE = 200

FILE = "file"
"""Whose id a row without one gets: the file's digest and the row's number, the same whenever the file is sent."""

_ROW_COUNT = re.compile(r"\d{1,4}")
"""So short a number counts rows: next week's file has the same ones for other people."""
_LEAST_BEGINNING = 2


class SourceReader:
    """Reads where the rows of one import came from."""

    def __init__(self, import_: LeadImport, policy: LeadPolicy) -> None:
        self._defaults, self._digest = import_.defaults, import_.file.digest
        self._known = {folded(name): channel for name, channel in policy.channel_names.items()}
        self._channels: dict[str, Channel | None] = {}

    def read(self, cells: RowCells, row_number: int, store_id: UUID | None) -> Source:
        """The row's channel, by the column that names one that is known, and its id.

        A name that says more than the channel, or is not known, is the campaign where no other is named. An id is the
        platform's own; in a table of other channels it is that of the column at the store, and of no other table.
        """
        names = cells.all(LeadColumn.CHANNEL, reference)
        named = next((name for name in names if self._channel(name)), None)
        channel = (self._channel(named) if named else None) or self._defaults.channel
        words = next((name for name in names if folded(name) not in self._known and not name.isdigit()), None)
        campaign = cells.take(LeadColumn.CAMPAIGN, reference) or words or self._defaults.campaign
        source_id = cells.take(LeadColumn.SOURCE_ID, reference)
        if source_id is None or _ROW_COUNT.fullmatch(source_id):
            return Source(channel, FILE, f"{self._digest[:32]}-{row_number}", campaign)
        if channel in PLATFORMS:
            return Source(channel, channel, source_id, campaign)
        sender = words or channel
        system = folded(f"table:{store_id}:{sender}:{cells.header_of(LeadColumn.SOURCE_ID)}")
        return Source(channel, system[:LONGEST_REFERENCE], source_id, campaign)

    def unknown(self, cells: RowCells) -> tuple[str, ...]:
        """The names of channels in the row, if none of them is known."""
        names = [name for name in cells.texts(LeadColumn.CHANNEL) if len(name) <= LONGEST_REFERENCE]
        return () if any(self._channel(name) for name in names) else tuple(names)

    def _channel(self, name: str) -> Channel | None:
        if name not in self._channels:
            self._channels[name] = self._channel_of(folded(name))
        return self._channels[name]

    def _channel_of(self, name: str) -> Channel | None:
        """The channel of that name, or of the longest that it begins with: 懂车帝APP, 抖音直播."""
        if name in self._known:
            return self._known[name]
        beginnings = [known for known in self._known if not known.isascii() and len(known) >= _LEAST_BEGINNING]
        found = max((known for known in beginnings if name.startswith(known)), key=len, default=None)
        return self._known[found] if found else None


def reference(text: str) -> str:
    """Somebody else's name for something.

    Raises:
        CellRefused: it is too long, or Excel has dropped digits of it.
    """
    return bounded(digits_kept(text), LONGEST_REFERENCE)
