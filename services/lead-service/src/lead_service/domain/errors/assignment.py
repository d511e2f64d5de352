"""Refusals about who works a lead."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID


class AdvisorNotFound(Exception):
    """There is no such advisor."""

    def __init__(self, advisor_id: UUID) -> None:
        super().__init__(f"No advisor {advisor_id} is on a roster here.")


class AdvisorKnown(Exception):
    """The advisor is on a roster already."""

    def __init__(self, advisor_id: UUID) -> None:
        super().__init__(f"Advisor {advisor_id} is on a roster already, with other words; change those.")


class NotOnTheRoster(Exception):
    """Leads are given to active advisors of their store's roster only."""

    def __init__(self, advisor_ids: Iterable[UUID]) -> None:
        named = ", ".join(str(advisor_id) for advisor_id in advisor_ids)
        super().__init__(f"{named or 'The caller'}: not an active advisor of the store's roster.")


class AdvisorAtCapacity(Exception):
    """The advisor can take no more leads."""

    def __init__(self, open_leads: int, capacity: int) -> None:
        super().__init__(f"{open_leads} leads are open, of {capacity} that the advisor can take.")


class AdvisorHoldsLeads(Exception):
    """Who leaves the roster has no open leads any more."""

    def __init__(self, open_leads: int) -> None:
        super().__init__(f"{open_leads} open leads are the advisor's; reassign them first.")


class LeadTaken(Exception):
    """The lead is another advisor's."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"Lead {lead_id} does not lie in the pool any more: somebody else was faster.")


class LeadUnclaimed(Exception):
    """The lead lies in the pool; who works it makes it theirs first."""

    def __init__(self, lead_id: UUID) -> None:
        super().__init__(f"Lead {lead_id} lies in the pool. Claim it, or be in touch with its person, first.")


class TakenBack(Exception):
    """What was taken from an advisor is not claimed back at once."""

    def __init__(self, lead_id: UUID, until: datetime) -> None:
        super().__init__(f"Lead {lead_id} was neglected by you; you may claim it from {until.isoformat()}.")


class ReassignmentNotFound(Exception):
    """There is no such reassignment."""

    def __init__(self, reassignment_id: UUID) -> None:
        super().__init__(f"No reassignment {reassignment_id} is known here.")
