"""Losing a lead (战败)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.stage import Stage


class DefeatReason(StrEnum):
    """Why a lead was lost."""

    PRICE = "price"
    CONFIGURATION = "configuration"
    DELIVERY_TIME = "delivery_time"
    COMPETITOR = "competitor"
    FINANCE = "finance"
    NO_NEED = "no_need"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Defeat:
    """A lost lead: why, to whom, and how it stood at that moment."""

    dealer_id: UUID
    lead_id: UUID
    store_id: UUID
    reason: DefeatReason
    competitor: str | None
    note: str | None
    stage: Stage
    grade: Grade
    interest: Interest
    defeated_at: datetime
