"""Losing a lead (战败)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.errors import DefeatNotFounded, LeadNotDefeated, NoDefeatPending
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.lead import Lead
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

    @property
    def is_known(self) -> bool:
        """Whether anybody knows."""
        return self is not DefeatReason.UNKNOWN


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


@dataclass(frozen=True, slots=True)
class DefeatPolicy:
    """What a dealer asks for before a lead is given up.

    With `approval` a defeat that is no manager's own waits for a manager's word, where the lead has one of
    `approval_grades` and the reason is one of `approval_reasons` (none named: any). `note_reasons` want a note.
    A lead is `unreachable` after so many contacts that reached nobody (0: at once).

    Raises:
        ValueError: a number is outside its bounds.
    """

    approval: bool = False
    approval_grades: tuple[Grade, ...] = ()
    approval_reasons: tuple[DefeatReason, ...] = ()
    note_reasons: tuple[DefeatReason, ...] = ()
    unreachable_after_tries: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.unreachable_after_tries <= 100:  # noqa: PLR2004 (nobody tries more often)
            raise ValueError("unreachable_after_tries lies between 0 and 100")

    def needs_approval(self, reason: DefeatReason, grade: Grade, *, by_manager: bool) -> bool:
        """Whether a manager decides on the defeat of a lead of this grade."""
        return (
            self.approval
            and not by_manager
            and (not self.approval_grades or grade in self.approval_grades)
            and (not self.approval_reasons or reason in self.approval_reasons)
        )


def require_grounds(policy: DefeatPolicy, reason: DefeatReason, note: str | None, *, tries: int) -> None:
    """Let a defeat pass that the dealer's rules find well founded.

    `tries` are the contacts that reached nobody since the person was reached last.

    Raises:
        DefeatNotFounded: a note is missing, or nobody tried often enough to reach the person.
    """
    if reason in policy.note_reasons and not note:
        raise DefeatNotFounded(reason, "the dealer's rules ask for a note")
    least = policy.unreachable_after_tries
    if reason is DefeatReason.UNREACHABLE and tries < least:
        raise DefeatNotFounded(reason, f"{tries} contacts in a row reached nobody, the dealer's rules ask for {least}")


class RequestState(StrEnum):
    """What became of the wish to give a lead up."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    """The lead was closed before a manager decided."""


@dataclass(frozen=True, slots=True)
class DefeatRequest:
    """The wish to give a lead up, and a manager's word on it."""

    id: UUID
    dealer_id: UUID
    lead_id: UUID
    store_id: UUID
    reason: DefeatReason
    competitor: str | None
    note: str | None
    requested_by: str
    requested_at: datetime
    state: RequestState = RequestState.PENDING
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision_note: str | None = None


def decide(
    request: DefeatRequest | None, lead_id: UUID, state: RequestState, *, by: str, note: str | None, at: datetime
) -> DefeatRequest:
    """The lead's pending request with a manager's word on it.

    Raises:
        NoDefeatPending: the lead has none.
    """
    if request is None:
        raise NoDefeatPending(lead_id)
    return replace(request, state=state, decided_by=by, decided_at=at, decision_note=note)


def require_lost(lead: Lead) -> None:
    """Let a lost lead pass.

    Raises:
        LeadNotDefeated: it was not lost.
    """
    if lead.stage is not Stage.DEFEATED:
        raise LeadNotDefeated(lead.id, lead.stage)
