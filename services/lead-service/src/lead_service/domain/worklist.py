"""The worklist's order: value × urgency, as a place that time does not change.

A lead's score is its value, a product of weights, times 2 for each so many hours that it is overdue. The logarithm of
that is how long ago it fell due, plus a head start for its value; so two leads keep their order for ever, and an index
has it: `ranked_at` is the due time less the head start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import log2, prod

from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.lead import Lead
from lead_service.domain.stage import Stage

MOST_WEIGHT = 100
MOST_BUDGETS = 20
LONGEST_DOUBLING_HOURS = 720
FURTHEST_HOURS_AHEAD = 24
MOST_DOUBLINGS = 40
"""Beyond a million million times, a score says nothing more."""


@dataclass(frozen=True, slots=True)
class BudgetWeight:
    """What a budget of at least so much (in fen) makes a lead worth."""

    from_cents: int
    weight: float


@dataclass(frozen=True, slots=True)
class WorklistPolicy:
    """What makes a lead worth working first. A stage or a budget that is not named weighs 1.

    `unanswered_weight` is that of a lead whose first answer is owed; urgency doubles each `urgency_doubles_in_hours`.
    The list ends with the day, but shows at least what falls due in the next `hours_ahead`: who is at work late in the
    evening sees what is due soon after midnight.

    Raises:
        ValueError: a weight lies outside 1 to 100, a grade has none, budgets do not rise, or the hours are out of
            bounds.
    """

    grade_weights: Mapping[Grade, float] = field(
        default_factory=lambda: {Grade.H: 8.0, Grade.A: 4.0, Grade.B: 2.0, Grade.C: 1.0}
    )
    stage_weights: Mapping[Stage, float] = field(
        default_factory=lambda: {
            Stage.APPOINTED: 1.5,
            Stage.VISITED: 1.5,
            Stage.TEST_DRIVEN: 2.0,
            Stage.NEGOTIATING: 3.0,
        }
    )
    budget_weights: tuple[BudgetWeight, ...] = (
        BudgetWeight(15_000_000, 1.2),
        BudgetWeight(25_000_000, 1.5),
        BudgetWeight(40_000_000, 2.0),
    )
    unanswered_weight: float = 4.0
    urgency_doubles_in_hours: int = 24
    hours_ahead: int = 2

    def __post_init__(self) -> None:
        if missing := set(Grade) - set(self.grade_weights):
            raise ValueError(f"grade_weights say nothing of {', '.join(sorted(missing))}")
        budgets = [budget.from_cents for budget in self.budget_weights]
        if budgets != sorted(set(budgets)) or len(budgets) > MOST_BUDGETS:
            raise ValueError(f"budget_weights rise by from_cents and are at most {MOST_BUDGETS}")
        weights = [
            *self.grade_weights.values(),
            *self.stage_weights.values(),
            *(budget.weight for budget in self.budget_weights),
            self.unanswered_weight,
        ]
        if not all(1 <= weight <= MOST_WEIGHT for weight in weights):
            raise ValueError(f"weights lie between 1 and {MOST_WEIGHT}")
        if not 1 <= self.urgency_doubles_in_hours <= LONGEST_DOUBLING_HOURS:
            raise ValueError(f"urgency_doubles_in_hours lies between 1 and {LONGEST_DOUBLING_HOURS}")
        if not 0 <= self.hours_ahead <= FURTHEST_HOURS_AHEAD:
            raise ValueError(f"hours_ahead lies between 0 and {FURTHEST_HOURS_AHEAD}")

    @property
    def doubling(self) -> timedelta:
        """How much later urgency is twice what it was."""
        return timedelta(hours=self.urgency_doubles_in_hours)


def value_factors(lead: Lead, policy: WorklistPolicy) -> dict[str, float]:
    """The weights that the lead's value is the product of."""
    return weights(lead.grade, lead.stage, lead.interest, policy, unanswered=lead.awaits_response)


def weights(
    grade: Grade, stage: Stage, interest: Interest, policy: WorklistPolicy, *, unanswered: bool
) -> dict[str, float]:
    """What each of these facts of a lead weighs."""
    budget = interest.budget_cents or 0
    return {
        "grade": policy.grade_weights[grade],
        "stage": policy.stage_weights.get(stage, 1.0),
        "budget": next((b.weight for b in reversed(policy.budget_weights) if budget >= b.from_cents), 1.0),
        "unanswered": policy.unanswered_weight if unanswered else 1.0,
    }


def urgency(due_at: datetime, policy: WorklistPolicy, *, at: datetime) -> float:
    """1 when something falls due, twice that each doubling later, half of it each doubling before."""
    doublings = (at - due_at) / policy.doubling
    return float(2 ** min(max(doublings, -MOST_DOUBLINGS), MOST_DOUBLINGS))


def place(due_at: datetime, factors: Mapping[str, float], policy: WorklistPolicy) -> datetime:
    """Where something that is due stands: as if it fell due earlier by a doubling for each doubling of its value."""
    return due_at - policy.doubling * log2(prod(factors.values()))


def ranked(lead: Lead, policy: WorklistPolicy) -> Lead:
    """The lead in its place; a closed one has none."""
    if lead.due_at is None:
        return replace(lead, ranked_at=None)
    return replace(lead, ranked_at=place(lead.due_at, value_factors(lead, policy), policy))
