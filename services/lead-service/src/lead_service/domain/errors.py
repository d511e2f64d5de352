"""Refusals: what a lead-service rule says no to. The class names the rule, the message the case."""

from datetime import date, datetime
from uuid import UUID


class LeadNotFound(Exception):
    """There is no such lead."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"No lead {lead_id} is known here.")


class LeadClosed(Exception):
    """The lead is won or defeated and no longer worked."""

    def __init__(self, lead_id: UUID, stage: str) -> None:
        super().__init__(f"Lead {lead_id} is {stage}. A new inquiry of this person opens a new lead.")


class StageNotReachable(Exception):
    """The lead cannot move to that stage from where it is."""

    def __init__(self, at: str, to: str, because: str) -> None:
        super().__init__(f"A lead at {at} does not move to {to}: {because}.")


class NextContactInThePast(Exception):
    """The next contact must lie ahead."""

    def __init__(self, next_contact_at: datetime) -> None:
        super().__init__(f"{next_contact_at.isoformat()} has passed already.")


class SignalExpired(Exception):
    """The signal is no longer valid."""

    def __init__(self, valid_until: date) -> None:
        super().__init__(f"It was valid until {valid_until.isoformat()}; nobody can be told of it any more.")


class NotWon(Exception):
    """The lead has no sale to undo."""

    def __init__(self, lead_id: UUID, stage: str) -> None:
        super().__init__(f"Lead {lead_id} is {stage}; only a sale can be undone.")


class CancellationTooLate(Exception):
    """A sale can be undone for some hours only."""

    def __init__(self, lead_id: UUID, hours: int) -> None:
        super().__init__(f"The sale of lead {lead_id} could be undone for {hours} hours after it was recorded.")


class PersonHasOpenLead(Exception):
    """The person has another lead that is open."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"This person has come back with lead {lead_id}, which is open; work that one.")


class ReferralKnown(Exception):
    """The lead came with another member's code."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"Lead {lead_id} came with another code, whose terms are fixed since.")


class StoreNotNamed(Exception):
    """Nothing says which store the lead is for."""

    def __init__(self, vendor: str | None) -> None:
        named = f"The vendor {vendor!r} is none of the policy's stores" if vendor else "No vendor is named"
        super().__init__(f"{named}, the policy has no default store, and the request has no store_id.")


class Unreachable(Exception):
    """Nobody can be reached with this."""

    def __init__(self) -> None:
        super().__init__("A contact needs a phone number, an e-mail address or a WeCom id.")
