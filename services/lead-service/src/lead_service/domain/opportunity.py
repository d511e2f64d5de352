"""What becomes of an approach to a lost lead, or of one that was held out to compare with."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.errors import NotApproached, ReactivationEnded
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.rules import Strategy
from lead_service.domain.stage import Stage


class OpportunityOutcome(StrEnum):
    """What became of the person. All but `open` end the opportunity; `won` may follow `re_engaged`.

    `withdrawn` is what was open when its signal was taken back; who comes back in time counts nevertheless.
    """

    OPEN = "open"
    RE_ENGAGED = "re_engaged"
    WON = "won"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Successor:
    """The lead the person came back with, and when: the first after the approach and before the next one."""

    lead_id: UUID
    stage: Stage
    came_at: datetime


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An approach while it is open, and what became of it. Whoever comes back by `expires_at` counts."""

    dealer_id: UUID
    id: UUID
    lead_id: UUID
    signal_id: UUID
    store_id: UUID
    state: ReactivationState
    strategy: Strategy
    reason: DefeatReason
    reactivated_at: datetime
    expires_at: datetime
    outcome: OpportunityOutcome = OpportunityOutcome.OPEN
    declined_at: datetime | None = None
    ended_at: datetime | None = None
    successor_lead_id: UUID | None = None


def settle(opportunity: Opportunity, successor: Successor | None, *, at: datetime) -> Opportunity:
    """The opportunity as the facts have it at that time, in whatever order they were heard of.

    Who came back in time counts, even after saying no; a sale that is undone is none.
    """
    outcome = _outcome(opportunity, successor, at)
    if outcome is opportunity.outcome:
        return opportunity
    came_back = outcome in (OpportunityOutcome.RE_ENGAGED, OpportunityOutcome.WON)
    return replace(
        opportunity,
        outcome=outcome,
        ended_at=at,
        successor_lead_id=successor.lead_id if came_back and successor else None,
    )


def _outcome(opportunity: Opportunity, successor: Successor | None, at: datetime) -> OpportunityOutcome:
    if successor and opportunity.reactivated_at < successor.came_at <= opportunity.expires_at:
        return OpportunityOutcome.WON if successor.stage is Stage.WON else OpportunityOutcome.RE_ENGAGED
    if opportunity.declined_at is not None:
        return OpportunityOutcome.DECLINED
    if opportunity.outcome is OpportunityOutcome.WITHDRAWN:
        return OpportunityOutcome.WITHDRAWN
    return OpportunityOutcome.EXPIRED if opportunity.expires_at < at else OpportunityOutcome.OPEN


def decline(opportunity: Opportunity, *, at: datetime) -> Opportunity:
    """The opportunity of a person who said no. One that had said so before is left as it is.

    Raises:
        NotApproached: the lead is held out, so nobody was asked.
        ReactivationEnded: the person came back, or the time is over.
    """
    if opportunity.state is ReactivationState.HELD_OUT:
        raise NotApproached(opportunity.id)
    if opportunity.outcome is OpportunityOutcome.DECLINED:
        return opportunity
    if opportunity.outcome not in (OpportunityOutcome.OPEN, OpportunityOutcome.WITHDRAWN):
        raise ReactivationEnded(opportunity.id, opportunity.outcome)
    return settle(replace(opportunity, declined_at=at), None, at=at)
