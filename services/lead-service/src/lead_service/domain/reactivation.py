"""Re-activation (战败激活): which change speaks to which lost lead, how urgently, and to whom nothing is said.

The rules are data of the policy. The hold-out group is treated like everyone else, except that
nobody hears of it: the difference between the two groups is what re-activation is worth.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.signal import MarketSignal, SignalKind

MOST_POINTS = 100
"""A priority has no more; so no single fact gives more."""


class Strategy(StrEnum):
    """What to say to a lead that is approached again."""

    PRICE_DROP = "price_drop"
    LIMITED_OFFER = "limited_offer"
    IN_STOCK = "in_stock"
    NEW_MODEL = "new_model"
    COMPETITOR_ANSWER = "competitor_answer"
    CARE = "care"


class ReactivationState(StrEnum):
    """Whether the lead is told, or kept as the measure of those who are."""

    ACTIVATED = "activated"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class MatchingRule:
    """Signals of these kinds speak to leads lost for these reasons (none named: any) at least so long ago.

    `fit` are the points, 0-40, that the match gives to the priority. With `same_competitor`, signal
    and defeat must not name different competitors.

    Raises:
        ValueError: a number is outside its bounds.
    """

    signals: tuple[SignalKind, ...]
    strategy: Strategy
    fit: int
    reasons: tuple[DefeatReason, ...] = ()
    older_than_days: int = 0
    same_competitor: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.fit <= 40 or not 0 <= self.older_than_days <= 3650:  # noqa: PLR2004 (see above)
            raise ValueError("fit lies between 0 and 40, older_than_days between 0 and 3650")


DEFAULT_RULES = (
    MatchingRule((SignalKind.PRICE_CUT,), Strategy.PRICE_DROP, 40, (DefeatReason.PRICE,)),
    MatchingRule((SignalKind.OFFER,), Strategy.LIMITED_OFFER, 35, (DefeatReason.PRICE,)),
    MatchingRule(
        (SignalKind.STOCK_ARRIVAL,), Strategy.IN_STOCK, 40, (DefeatReason.CONFIGURATION, DefeatReason.DELIVERY_TIME)
    ),
    MatchingRule(
        (SignalKind.COMPETITOR_CHANGE, SignalKind.LAUNCH),
        Strategy.COMPETITOR_ANSWER,
        35,
        (DefeatReason.COMPETITOR,),
        same_competitor=True,
    ),
    MatchingRule((SignalKind.OFFER,), Strategy.LIMITED_OFFER, 30, (DefeatReason.FINANCE,)),
    MatchingRule((SignalKind.LAUNCH,), Strategy.CARE, 15, (DefeatReason.UNKNOWN,)),
    MatchingRule((SignalKind.LAUNCH,), Strategy.CARE, 10, older_than_days=90),
)
"""The first rule that matches a lead decides."""


@dataclass(frozen=True, slots=True)
class ReactivationPolicy:
    """When lost leads are approached again. Points add up to a priority of 0-100.

    Raises:
        ValueError: a number is outside its bounds, or a grade has no points.
    """

    rules: tuple[MatchingRule, ...] = DEFAULT_RULES
    cool_off_days: int = 30
    max_attempts: int = 3
    hold_out_percent: int = 10
    grade_points: Mapping[Grade, int] = field(
        default_factory=lambda: {Grade.H: 35, Grade.A: 30, Grade.B: 20, Grade.C: 10}
    )
    recency_points: int = 25
    recency_days: int = 365
    points_off_per_attempt: int = 10

    def __post_init__(self) -> None:
        for name, least, most in (
            ("hold_out_percent", 0, 100),
            ("cool_off_days", 0, 3650),
            ("max_attempts", 0, 100),
            ("recency_points", 0, MOST_POINTS),
            ("recency_days", 1, 3650),
            ("points_off_per_attempt", 0, MOST_POINTS),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} lies between {least} and {most}")
        if missing := set(Grade) - set(self.grade_points):
            raise ValueError(f"grade_points says nothing of {', '.join(sorted(missing))}")
        if not all(0 <= points <= MOST_POINTS for points in self.grade_points.values()):
            raise ValueError(f"grade_points lie between 0 and {MOST_POINTS}")

    @property
    def cool_off(self) -> timedelta:
        """How long a lead is left alone after an attempt."""
        return timedelta(days=self.cool_off_days)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A defeated lead that a rule says a signal speaks to, with the attempts made before."""

    lead_id: UUID
    store_id: UUID
    rule: int
    reason: DefeatReason
    grade: Grade
    interest: Interest
    defeated_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Reactivation:
    """One signal's approach to one defeated lead. `factors` are the points that its priority sums."""

    lead_id: UUID
    signal_id: UUID
    store_id: UUID
    state: ReactivationState
    strategy: Strategy
    reason: DefeatReason
    interest: Interest
    defeated_at: datetime
    attempt: int
    priority: int
    factors: Mapping[str, int]


def reactivate(candidates: Iterable[Candidate], signal: MarketSignal, policy: ReactivationPolicy) -> list[Reactivation]:
    """Approach each candidate, or hold it out. The same for the same lead and signal, whenever it is asked."""
    fingerprint = signal.fingerprint
    return [
        _reactivation(
            candidate,
            signal,
            policy,
            held_out=is_held_out(candidate.lead_id, fingerprint, policy.hold_out_percent),
        )
        for candidate in candidates
    ]


def _reactivation(
    candidate: Candidate, signal: MarketSignal, policy: ReactivationPolicy, *, held_out: bool
) -> Reactivation:
    rule = policy.rules[candidate.rule]
    factors = priority_factors(candidate, rule, policy, at=signal.received_at)
    return Reactivation(
        lead_id=candidate.lead_id,
        signal_id=signal.id,
        store_id=candidate.store_id,
        state=ReactivationState.HELD_OUT if held_out else ReactivationState.ACTIVATED,
        strategy=rule.strategy,
        reason=candidate.reason,
        interest=candidate.interest,
        defeated_at=candidate.defeated_at,
        attempt=candidate.attempts + 1,
        priority=min(max(sum(factors.values()), 0), 100),
        factors=factors,
    )


def priority_factors(
    candidate: Candidate, rule: MatchingRule, policy: ReactivationPolicy, *, at: datetime
) -> dict[str, int]:
    """The points each fact gives: warmer, better answered, fresher and less often approached is sooner."""
    age_days = max((at - candidate.defeated_at).days, 0)
    freshness = max(1 - age_days / policy.recency_days, 0.0)
    return {
        "grade": policy.grade_points[candidate.grade],
        "reason_fit": rule.fit,
        "recency": round(policy.recency_points * freshness),
        "earlier_attempts": -policy.points_off_per_attempt * candidate.attempts,
    }


def is_held_out(lead_id: UUID, fingerprint: str, percent: int) -> bool:
    """Whether the lead belongs to this signal's hold-out group: a fixed, even draw by hash."""
    draw = hashlib.sha256(lead_id.bytes + fingerprint.encode()).digest()
    return int.from_bytes(draw[:4]) % 100 < percent
