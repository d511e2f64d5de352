"""Refusals about sales, defeats and their undoing."""

from uuid import UUID


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


class LeadNotDefeated(Exception):
    """Only a lost lead is worked again."""

    def __init__(self, lead_id: UUID, stage: str) -> None:
        super().__init__(f"Lead {lead_id} is {stage}, not defeated.")


class DefeatPending(Exception):
    """A manager has yet to decide on the lead's defeat."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"The defeat of lead {lead_id} waits for a manager's word.")


class NoDefeatPending(Exception):
    """Nobody asked to give the lead up, or it was decided already."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"No defeat of lead {lead_id} waits for a manager's word.")


class DefeatNotFounded(Exception):
    """The dealer's rules ask for more before a lead is given up for this reason."""

    def __init__(self, reason: str, because: str) -> None:
        super().__init__(f"A lead is not given up as {reason}: {because}.")
