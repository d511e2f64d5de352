"""One entry of the worklist: what is owed, how much it matters, and what to say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import prod

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.lead import Lead
from lead_service.domain.script import Choice, Occasion, Script, Situation, choose
from lead_service.domain.working import WorkingPolicy
from lead_service.domain.worklist import urgency, value_factors


@dataclass(frozen=True, slots=True)
class NextWork:
    """A lead that is due, with its score, the factors that the score is the product of, and the script that fits."""

    lead: Lead
    occasion: Occasion
    due_at: datetime
    score: float
    factors: Mapping[str, float]
    choice: Choice | None


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known of a lead's person: why they were lost before, and when they had a report last."""

    reason: DefeatReason | None = None
    last_report_at: datetime | None = None


def next_work(lead: Lead, scripts: Iterable[Script], known: Known, policy: WorkingPolicy, *, at: datetime) -> NextWork:
    """The open lead as its advisor's worklist shows it."""
    due_at = lead.due_at or at
    factors = {
        **value_factors(lead, policy.worklist),
        "urgency": round(urgency(due_at, policy.worklist, at=at), 3),
    }
    situation = Situation(
        occasion=_occasion(lead, at),
        stage=lead.stage,
        grade=lead.grade,
        decision_style=lead.decision_style,
        channel=lead.source.channel,
        reason=known.reason,
        last_report_at=known.last_report_at,
    )
    choice = choose(scripts, situation, report_every=policy.report_every, at=at)
    return NextWork(lead, situation.occasion, due_at, round(prod(factors.values()), 3), factors, choice)


def _occasion(lead: Lead, at: datetime) -> Occasion:
    if lead.awaits_response:
        return Occasion.UNANSWERED
    return Occasion.OVERDUE if lead.next_contact_at is not None and lead.next_contact_at < at else Occasion.DUE
