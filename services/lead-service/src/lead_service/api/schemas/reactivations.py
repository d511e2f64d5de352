"""Answers about approaches to lost leads."""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.api.schemas.signals import OutcomesOut, TouchedOut
from lead_service.db.reactivations import Approach
from lead_service.domain.activation import Group, Tally, Verdict, compare, group_of
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
    WITHDRAWN = "withdrawn"


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
    no, `expired` where the time passed, `withdrawn` where the signal was taken back; null while it is open."""
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
    over: int
    """For how many of them the time is over: what the approach was worth is judged by these."""
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
            over=group.over,
            outcomes=OutcomesOut.of(group),
            won=RateOut.of(group.won),
            came_back=RateOut.of(group.came_back),
        )


class ActivationOut(Reply):
    """The activation rate beside that of the hold-out, and what the approach is worth."""

    activated: GroupOut
    held_out: GroupOut
    difference: float | None
    """The rate of people won among the approached, less that among the held out.

    Of leads whose time is over, each beside those of whom the same share was held out; null where there are none."""
    interval: IntervalOut | None
    """The hybrid score interval of the difference (Newcombe 1998; over several shares, Zou, Huang and Zhang 2009)."""
    verdict: Verdict
    """`works` or `harms` where the interval leaves out zero, else `no_difference`; `too_few` with fewer than 30 leads
    in a group whose time is over, or five sales in all."""

    @classmethod
    def of(cls, tallies: Collection[Tally]) -> Self:
        """The figures, for the wire."""
        comparison = compare(tallies)
        return cls(
            activated=GroupOut.of(group_of(tallies, ReactivationState.ACTIVATED)),
            held_out=GroupOut.of(group_of(tallies, ReactivationState.HELD_OUT)),
            difference=comparison.difference,
            interval=_interval(comparison.interval) if comparison.interval else None,
            verdict=comparison.verdict,
        )


def _interval(interval: Interval) -> IntervalOut:
    return IntervalOut.model_validate(interval)
