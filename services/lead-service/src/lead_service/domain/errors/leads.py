"""Refusals about a lead itself."""

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


class StoreNotNamed(Exception):
    """Nothing says which store the lead is for."""

    def __init__(self, vendor: str | None) -> None:
        named = f"The vendor {vendor!r} is none of the policy's stores" if vendor else "No vendor is named"
        super().__init__(f"{named}, the policy has no default store, and the request has no store_id.")


class Unreachable(Exception):
    """Nobody can be reached with this."""

    def __init__(self) -> None:
        super().__init__("A contact needs a phone number, an e-mail address or a WeCom id.")
