"""Whose lead it is: automatic assignment, the public pool (公海), and what is said of each change.

A lead without an advisor lies in its store's pool until somebody claims it or is given it. One that
its advisor neglects goes back there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.advisor import Standing
from lead_service.domain.calendar import DAY, WorkingCalendar
from lead_service.domain.lead import Lead, owe_contact


class AssignmentMode(StrEnum):
    """Who gives new leads to advisors: people, or the rule."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class AdvisorsSee(StrEnum):
    """What an advisor sees: their own leads and the pool, or all of their stores."""

    OWN = "own"
    STORE = "store"


class AssignmentReason(StrEnum):
    """Why a lead changed hands."""

    CAPTURED = "captured"
    AUTOMATIC = "automatic"
    FOLLOWED_UP = "followed_up"
    CLAIMED = "claimed"
    TRANSFERRED = "transferred"
    REASSIGNED = "reassigned"
    NEGLECTED = "neglected"
    LEFT = "left"
    """Its advisor had left the roster when it was open again."""


@dataclass(frozen=True, slots=True)
class AssignmentPolicy:
    """How leads find their advisors, and lose them.

    An advisor loses a lead whose contact is overdue by `neglected_after_days` of those that its store
    works, or with the `neglected_after_missed`th contact they missed (0: never by that rule), but at
    most `most_returned_a_day` of them in 24 hours; and cannot claim it back for `claim_back_after_days`.

    Raises:
        ValueError: a number is outside its bounds.
    """

    mode: AssignmentMode = AssignmentMode.MANUAL
    advisors_see: AdvisorsSee = AdvisorsSee.OWN
    neglected_after_days: int = 7
    neglected_after_missed: int = 3
    most_returned_a_day: int = 20
    claim_back_after_days: int = 3

    def __post_init__(self) -> None:
        for name, most in (
            ("neglected_after_days", 365),
            ("neglected_after_missed", 100),
            ("most_returned_a_day", 10_000),
            ("claim_back_after_days", 365),
        ):
            if not 0 <= getattr(self, name) <= most:
                raise ValueError(f"{name} lies between 0 and {most}")


@dataclass(frozen=True, slots=True)
class Assignment:
    """One change of who is responsible for a lead. Without an advisor it went to the pool."""

    id: UUID
    lead_id: UUID
    advisor_id: UUID | None
    from_advisor_id: UUID | None
    reason: AssignmentReason
    note: str | None
    assigned_by: str
    assigned_at: datetime


def assign(leads: Iterable[Lead], roster: Iterable[Standing], *, at: datetime) -> dict[UUID, UUID]:
    """Whom each lead goes to, by lead: store, then skill, then load for what they can take, then who waited longest.

    Each lead counts for those after it. A lead whose store has nobody here with the skill and with
    room for it is not among the answers: it lies in the pool.
    """
    here = (standing for standing in roster if standing.advisor.is_here(at))
    return _dealt(leads, here, lambda s, lead: not s.is_full and s.advisor.skills.fit(lead), at)


def spread(leads: Iterable[Lead], standings: Iterable[Standing], *, at: datetime) -> dict[UUID, UUID]:
    """Whom each lead goes to when a manager names the advisors: as `assign`, but that neither skill nor room counts."""
    return _dealt(leads, standings, lambda _, __: True, at)


def _dealt(
    leads: Iterable[Lead], standings: Iterable[Standing], takes: Callable[[Standing, Lead], bool], at: datetime
) -> dict[UUID, UUID]:
    known = {standing.advisor.id: standing for standing in standings}
    given: dict[UUID, UUID] = {}
    for lead in leads:
        fitting = [standing for standing in known.values() if _is_of_store(standing, lead) and takes(standing, lead)]
        if fitting:
            chosen = min(fitting, key=_turn)
            given[lead.id] = chosen.advisor.id
            known[chosen.advisor.id] = _busier(chosen, at)
    return given


def _is_of_store(standing: Standing, lead: Lead) -> bool:
    advisor = standing.advisor
    return (advisor.dealer_id, advisor.store_id) == (lead.dealer_id, lead.store_id)


def _turn(standing: Standing) -> tuple[float, float, UUID]:
    last = standing.last_assigned_at
    return standing.load, last.timestamp() if last else 0.0, standing.advisor.id


def _busier(standing: Standing, at: datetime) -> Standing:
    return replace(standing, open_leads=standing.open_leads + 1, last_assigned_at=at)


def hand_over(lead: Lead, to: UUID | None, *, due: datetime, at: datetime) -> Lead:
    """The open lead with another advisor, or in the pool.

    What the one before missed is not held against the next: a contact that is overdue becomes due at `due`.
    """
    handed = replace(lead, advisor_id=to, missed_follow_ups=0, neglected_at=None)
    overdue = lead.next_contact_at is None or lead.next_contact_at <= at
    return owe_contact(handed, due) if to and overdue else handed


def miss(lead: Lead, policy: AssignmentPolicy, calendar: WorkingCalendar, *, at: datetime) -> Lead:
    """The lead whose contact fell due and was not made; its advisor loses it at `neglected_at` unless they make it.

    What nobody makes of a lead that lies in the pool is held against nobody.
    """
    if lead.advisor_id is None:
        return replace(lead, follow_up_missed=True)
    missed = replace(lead, follow_up_missed=True, missed_follow_ups=min(lead.missed_follow_ups + 1, 10_000))
    if policy.neglected_after_missed and missed.missed_follow_ups >= policy.neglected_after_missed:
        return replace(missed, neglected_at=at)
    if not policy.neglected_after_days:
        return missed
    due_at = lead.next_contact_at or at
    return replace(missed, neglected_at=calendar.add_working_days(due_at, policy.neglected_after_days))


def recycle(
    neglected: Sequence[Lead],
    taken: Mapping[tuple[UUID, UUID], int],
    policy_of: Callable[[UUID], AssignmentPolicy],
    *,
    at: datetime,
) -> tuple[list[Lead], list[Lead]]:
    """The neglected leads that go back to the pool, and those that are left to their advisors for another day.

    `taken` is how many each (dealer, advisor) lost in the last 24 hours already. The leads returned
    still name the advisor who loses them.

    Raises:
        ValueError: a lead is nobody's, who neglects nothing.
    """
    counts = dict(taken)
    returned, left = [], []
    for lead in neglected:
        if lead.advisor_id is None:
            raise ValueError(f"lead {lead.id} is nobody's, and neglected")
        key = (lead.dealer_id, lead.advisor_id)
        if counts.get(key, 0) < policy_of(lead.dealer_id).most_returned_a_day:
            counts[key] = counts.get(key, 0) + 1
            returned.append(lead)
        else:
            left.append(replace(lead, neglected_at=at + DAY))
    return returned, left
