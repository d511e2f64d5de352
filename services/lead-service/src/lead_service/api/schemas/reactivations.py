"""Answers about approaches to lost leads."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.api.schemas.signals import OutcomesOut, TouchedOut
from lead_service.db.reactivations import Approach
from lead_service.domain.activation import Comparison, Group, Verdict
from lead_service.domain.opportunity import Opportunity, OpportunityOutcome
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.signal import SignalKind
from lead_service.domain.statistics import Interval, Share, wilson


class ReactivationOutcome(StrEnum):
    """What became of a person who was approached, or held out."""

    RE_ENGAGED = "re_engaged"
    WON = "won"
    DECLINED = "declined"
    EXPIRED = "expired"


class ReactivationOut(TouchedOut):
    """One signal's approach to one lost lead."""

    reactivation_id: UUID
    signal_id: UUID
    signal_kind: SignalKind
    reactivated_at: datetime
    expires_at: datetime
    """Whoever comes back by then counts."""
    outcome: ReactivationOutcome | None
    """`re_engaged` once the person came back with a new lead, `won` once that one is won, `declined` where they said
    no, `expired` where the time passed; null while it is open."""
    successor_lead_id: UUID | None
    """The lead the person came back with; the lost one itself where it was reopened."""

    @classmethod
    def of(cls, approach: Approach) -> Self:
        """The approach, for the wire."""
        opportunity = approach.opportunity
        values: Mapping[str, Any] = {
            **approach.row,
            "reactivation_id": opportunity.id,
            "outcome": _outcome(opportunity),
            "successor_lead_id": opportunity.successor_lead_id,
        }
        return cls.model_validate(values)


class EndedOut(Reply):
    """What became of an approach."""

    reactivation_id: UUID
    lead_id: UUID
    outcome: ReactivationOutcome
    ended_at: datetime

    @classmethod
    def of(cls, opportunity: Opportunity) -> Self:
        """The opportunity, which has ended."""
        return cls.model_validate(
            {
                "reactivation_id": opportunity.id,
                "lead_id": opportunity.lead_id,
                "outcome": _outcome(opportunity),
                "ended_at": opportunity.ended_at,
            }
        )


def _outcome(opportunity: Opportunity) -> ReactivationOutcome | None:
    if opportunity.outcome is OpportunityOutcome.OPEN:
        return None
    return ReactivationOutcome(opportunity.outcome)


class IntervalOut(Reply):
    """Where a figure lies with 95 % confidence."""

    low: float
    high: float


class RateOut(Reply):
    """A share, 0-1."""

    rate: float | None
    """Null where there was nobody."""
    interval: IntervalOut
    """Wilson's score interval."""

    @classmethod
    def of(cls, share: Share) -> Self:
        """The share and how sure it is."""
        return cls(rate=share.rate, interval=_interval(wilson(share)))


class GroupOut(Reply):
    """The leads that were approached, or those that were held out."""

    leads: int
    outcomes: OutcomesOut
    won: RateOut
    """The activation rate (战败激活率): those who bought."""
    came_back: RateOut
    """Those who came back, and bought or not."""

    @classmethod
    def of(cls, group: Group) -> Self:
        """The group in numbers."""
        return cls(
            leads=group.leads,
            outcomes=OutcomesOut.of(group),
            won=RateOut.of(group.won),
            came_back=RateOut.of(group.came_back),
        )


class ActivationOut(Reply):
    """The activation rate beside that of the hold-out, and what the approach is worth."""

    activated: GroupOut
    held_out: GroupOut
    difference: float | None
    """The rate of people won among the approached, less that among the held out."""
    interval: IntervalOut | None
    """Newcombe's hybrid score interval of the difference."""
    verdict: Verdict
    """`works` or `harms` where the interval leaves out zero, else `no_difference`; `too_few` with fewer than 30 leads
    in a group, or five sales in all."""

    @classmethod
    def of(cls, groups: Mapping[ReactivationState, Group], comparison: Comparison) -> Self:
        """The figures, for the wire."""
        return cls(
            activated=GroupOut.of(groups[ReactivationState.ACTIVATED]),
            held_out=GroupOut.of(groups[ReactivationState.HELD_OUT]),
            difference=comparison.difference,
            interval=_interval(comparison.interval) if comparison.interval else None,
            verdict=comparison.verdict,
        )


def _interval(interval: Interval) -> IntervalOut:
    return IntervalOut.model_validate(interval)
