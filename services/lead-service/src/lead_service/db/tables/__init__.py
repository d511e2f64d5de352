"""The tables of leads. `dealer_id` comes first in every key."""

from lead_service.db.tables.assignments import AdvisorRow, AssignmentRow, ReassignmentRow
from lead_service.db.tables.base import Base
from lead_service.db.tables.endings import DefeatRequestRow, DefeatRow, ReopeningRow, SaleRow
from lead_service.db.tables.files import LeadExportRow, LeadImportPartRow, LeadImportRejectionRow, LeadImportRow
from lead_service.db.tables.leads import MODEL_KEY, PHONE_KEY, LeadRow, StageChangeRow, TouchRow
from lead_service.db.tables.partners import IntakeDeliveryRow, IntakeMappingRow, IntakeRejectionRow, IntakeSourceRow
from lead_service.db.tables.reactivations import MarketSignalRow, ReactivationRow
from lead_service.db.tables.test_drives import DemoCarRow, DemoCarSlotRow, TestDriveRow
from lead_service.db.tables.working import (
    ContactMoveRow,
    FollowUpRow,
    GradeChangeRow,
    MissedContactRow,
    ScriptRow,
    WorklistRankingRow,
)

__all__ = [
    "MODEL_KEY",
    "PHONE_KEY",
    "AdvisorRow",
    "AssignmentRow",
    "Base",
    "ContactMoveRow",
    "DefeatRequestRow",
    "DefeatRow",
    "DemoCarRow",
    "DemoCarSlotRow",
    "FollowUpRow",
    "GradeChangeRow",
    "IntakeDeliveryRow",
    "IntakeMappingRow",
    "IntakeRejectionRow",
    "IntakeSourceRow",
    "LeadExportRow",
    "LeadImportPartRow",
    "LeadImportRejectionRow",
    "LeadImportRow",
    "LeadRow",
    "MarketSignalRow",
    "MissedContactRow",
    "ReactivationRow",
    "ReassignmentRow",
    "ReopeningRow",
    "SaleRow",
    "ScriptRow",
    "StageChangeRow",
    "TestDriveRow",
    "TouchRow",
    "WorklistRankingRow",
]
