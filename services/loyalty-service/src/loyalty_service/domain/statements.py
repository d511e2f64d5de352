"""What a member is shown of the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from loyalty_service.domain.ledger import EntryKind
from loyalty_service.domain.policy import Tier


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a member stands now."""

    balance: int
    tier: Tier
    enrolled_at: datetime


@dataclass(frozen=True, slots=True)
class Ending:
    """Points that can be spent through a day and not after it."""

    expires_on: date
    points: int


@dataclass(frozen=True, slots=True)
class AwardPart:
    """The part of one award that an entry gave, spent or ended."""

    award_id: UUID
    rule: str
    source_event_id: UUID
    points: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry, with the awards behind it."""

    entry_id: UUID
    number: int
    kind: EntryKind
    points: int
    balance: int
    reason: str
    awards: tuple[AwardPart, ...]
    recorded_at: datetime
    recorded_by: str | None
