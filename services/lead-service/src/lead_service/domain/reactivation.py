"""Re-activation (战败激活): how urgently a change speaks to a lost lead, and to whom nothing is said.

The hold-out group is treated like everyone else, except that nobody hears of it: the difference between
the two groups is what re-activation is worth. A lead is drawn once a quarter for all signals of that quarter, so
that whom nothing is said to heard nothing of the quarter's other signals either.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from lead_service.domain.care import CarePolicy
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import Interest
from lead_service.domain.rules import DEFAULT_RULES, MatchingRule, Strategy
from lead_service.domain.signal import MarketSignal, SignalKind
from lead_service.domain.substitutes import SAME, AcceptableCar, Substitute, acceptable_for

MOST_POINTS = 100
"""A priority has no more; so no single fact gives more."""

MOST_SUBSTITUTES = 1_000
"""A policy names no more pairs: a group sells some hundred trims."""


class ReactivationState(StrEnum):
    """Whether the lead is told, or kept as the measure of those who are."""

    ACTIVATED = "activated"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """The lost leads of one model and one reason."""

    model_key: str
    reason: DefeatReason


@dataclass(frozen=True, slots=True)
class ReactivationPolicy:
    """When lost leads are approached again. Points add up to a priority of 0-100.

    `opportunity_days` is how long a person may take to come back and still count, `left_alone_days` how long nobody
    speaks to who said no. `substitutes` are cars
    that stand in for each other; another trim of a model does with `other_trim_similarity` (0: never), if
    its price, where known, is at most `price_band_percent` above what the person meant to spend.

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
    opportunity_days: int = 90
    left_alone_days: int = 180
    substitutes: tuple[Substitute, ...] = ()
    other_trim_similarity: int = 80
    price_band_percent: int = 10
    care: CarePolicy = field(default_factory=CarePolicy)

    def __post_init__(self) -> None:
        for name, least, most in (
            ("hold_out_percent", 0, 100),
            ("cool_off_days", 0, 3650),
            ("max_attempts", 0, 100),
            ("recency_points", 0, MOST_POINTS),
            ("recency_days", 1, 3650),
            ("points_off_per_attempt", 0, MOST_POINTS),
            ("opportunity_days", 1, 3650),
            ("left_alone_days", 0, 3650),
            ("other_trim_similarity", 0, SAME - 1),
            ("price_band_percent", 0, 100),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} lies between {least} and {most}")
        if missing := set(Grade) - set(self.grade_points):
            raise ValueError(f"grade_points says nothing of {', '.join(sorted(missing))}")
        if not all(0 <= points <= MOST_POINTS for points in self.grade_points.values()):
            raise ValueError(f"grade_points lie between 0 and {MOST_POINTS}")
        if len(self.substitutes) > MOST_SUBSTITUTES:
            raise ValueError(f"there are at most {MOST_SUBSTITUTES} substitutes")

    @property
    def cool_off(self) -> timedelta:
        """How long a lead is left alone after an attempt."""
        return timedelta(days=self.cool_off_days)

    @property
    def retry_window(self) -> timedelta:
        """How long after its matching a signal that says the same is a retry of it: as nobody would be approached anew.

        At least as long as idempotency keys last.
        """
        return max(self.cool_off, timedelta(days=1))

    @property
    def opportunity(self) -> timedelta:
        """How long after an approach the person who comes back counts."""
        return timedelta(days=self.opportunity_days)

    @property
    def left_alone(self) -> timedelta:
        """How long nobody speaks to a person who said no."""
        return timedelta(days=self.left_alone_days)

    def for_care(self) -> "ReactivationPolicy":
        """The same with the one rule that greetings by the clock go by."""
        return replace(self, rules=(MatchingRule((SignalKind.CARE,), Strategy.CARE, self.care.fit),))

    def acceptable_for(self, signal: MarketSignal) -> tuple[AcceptableCar, ...]:
        """What leads may have asked for that the signal's car answers, the most similar first."""
        other_trims = (self.other_trim_similarity, self.price_band_percent)
        return acceptable_for(signal.make, signal.model, signal.trim, self.substitutes, other_trims=other_trims)

    def segments(self, signal: MarketSignal) -> list[Segment]:
        """The segments of the lost leads that a rule lets the signal speak to, in the order they are matched."""
        acceptable = self.acceptable_for(signal)
        return sorted(
            {
                Segment(car.model_key, reason)
                for rule in self.rules
                if signal.kind in rule.signals
                for car in acceptable
                if rule.accepts(car.similarity)
                for reason in rule.reasons or tuple(DefeatReason)
            }
        )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A defeated lead that a rule says a signal speaks to, with the attempts made before.

    `similarity` is that of the signal's car to the one that was asked for; 100 is the same.
    """

    lead_id: UUID
    store_id: UUID
    rule: int
    reason: DefeatReason
    grade: Grade
    interest: Interest
    defeated_at: datetime
    attempts: int
    similarity: int = SAME


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
    similarity: int = SAME


def reactivate(candidates: Iterable[Candidate], signal: MarketSignal, policy: ReactivationPolicy) -> list[Reactivation]:
    """Approach each candidate, or hold it out. The same for the same lead and signal, whenever it is asked."""
    season = season_of(signal.received_at)
    return [
        _reactivation(
            candidate,
            signal,
            policy,
            held_out=is_held_out(candidate.lead_id, season, policy.hold_out_percent),
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
        similarity=candidate.similarity,
    )


def priority_factors(
    candidate: Candidate, rule: MatchingRule, policy: ReactivationPolicy, *, at: datetime
) -> dict[str, int]:
    """The points each fact gives: warmer, better answered, fresher and less often approached is sooner."""
    age_days = max((at - candidate.defeated_at).days, 0)
    freshness = max(1 - age_days / policy.recency_days, 0.0)
    return {
        "grade": policy.grade_points[candidate.grade],
        "reason_fit": rule.fit_of(candidate.similarity),
        "recency": round(policy.recency_points * freshness),
        "earlier_attempts": -policy.points_off_per_attempt * candidate.attempts,
    }


def season_of(at: datetime) -> str:
    """The quarter that a signal falls into, in UTC: like 2026Q1."""
    utc = at.astimezone(UTC)
    return f"{utc.year}Q{(utc.month + 2) // 3}"


def is_held_out(lead_id: UUID, season: str, percent: int) -> bool:
    """Whether the lead belongs to this season's hold-out group: a fixed, even draw by hash.

    The next season draws anew. Where an outcome is waited for across its edge, the lead may have been approached with
    the other season's signals by then; the outcome is that of the last approach before it, in either group.
    """
    return int.from_bytes(_digest(lead_id, season)[:4]) % 100 < percent


def reactivation_id(lead_id: UUID, signal: MarketSignal, *, at: datetime) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) of that millisecond; signal and lead are its chance."""
    digits = _digest(lead_id, season_of(signal.received_at)).hex()
    return UUID(f"{int(at.timestamp() * 1000):012x}7{signal.fingerprint[:3]}8{digits[8:23]}")


def _digest(lead_id: UUID, season: str) -> bytes:
    """32 bytes that are fixed for this lead and season, and look like chance."""
    return hashlib.sha256(lead_id.bytes + season.encode()).digest()
