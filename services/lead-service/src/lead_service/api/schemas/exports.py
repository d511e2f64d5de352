"""Answers about exports."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.domain.export import ExportFormat, LeadExport


class LeadExportOut(Reply):
    """Who took which leads out of the system."""

    export_id: UUID
    exported_by: str
    format: ExportFormat
    wanted: dict[str, Any]
    """The filters, as they were asked for."""
    with_phones: bool
    leads: int
    """How many had left when this was asked."""
    started_at: datetime
    finished_at: datetime | None
    """Null while it goes on, or where it was broken off."""

    @classmethod
    def of(cls, export: LeadExport) -> Self:
        """The answer for one."""
        return cls(
            export_id=export.id,
            exported_by=export.exported_by,
            format=export.format,
            wanted=dict(export.wanted),
            with_phones=export.with_phones,
            leads=export.leads,
            started_at=export.started_at,
            finished_at=export.finished_at,
        )
