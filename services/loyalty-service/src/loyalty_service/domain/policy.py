"""What a dealer group may change about its programme. The defaults are the product's."""

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MAX_MONTHS = 120
MAX_HOLD_DAYS = 365
MAX_DAYS = 3_650
MAX_PER_YUAN = 1_000
MAX_POINTS = 10**9
"""Also of a score, which is counted like points."""
MAX_CENTS = 10**12


def require(holds: bool, otherwise: str) -> None:
    """Return if the condition holds.

    Raises:
        ValueError: it does not; the text says what must be the case.
    """
    if not holds:
        raise ValueError(otherwise)


class Tier(StrEnum):
    """A member's standing, lowest first."""

    MEMBER = "member"
    SILVER = "silver"
    """银卡"""
    GOLD = "gold"
    """金卡"""
    PLATINUM = "platinum"
    """铂金卡"""

    @property
    def rank(self) -> int:
        """0 for the lowest tier."""
        return list(Tier).index(self)


@dataclass(frozen=True, slots=True)
class EarningPolicy:
    """How many points a fact is worth and how long they live."""

    points_per_yuan: int = 1
    purchase_points: int = 0
    """For a car bought; 0 awards nothing."""
    life_months: int = 24

    def __post_init__(self) -> None:
        require(0 <= self.points_per_yuan <= MAX_PER_YUAN, f"points_per_yuan must be 0 to {MAX_PER_YUAN}")
        require(0 <= self.purchase_points <= MAX_POINTS, f"purchase_points must be 0 to {MAX_POINTS}")
        require(1 <= self.life_months <= MAX_MONTHS, f"life_months must be 1 to {MAX_MONTHS}")


@dataclass(frozen=True, slots=True)
class TierPolicy:
    """Tiers follow a score over a rolling window; see `domain/tiers.py` for the formula."""

    window_months: int = 12
    score_per_yuan: int = 1
    score_per_service: int = 300
    score_per_referral: int = 2_000
    silver_score: int = 3_000
    gold_score: int = 10_000
    platinum_score: int = 25_000
    grace_days: int = 90
    """How long a member keeps a tier that the score no longer carries."""

    def __post_init__(self) -> None:
        require(1 <= self.window_months <= MAX_MONTHS, f"window_months must be 1 to {MAX_MONTHS}")
        floors = (self.silver_score, self.gold_score, self.platinum_score)
        require(
            0 < floors[0] < floors[1] < floors[2] <= MAX_POINTS, f"scores must rise from silver on, to {MAX_POINTS}"
        )
        require(0 <= self.score_per_yuan <= MAX_PER_YUAN, f"score_per_yuan must be 0 to {MAX_PER_YUAN}")
        require(0 <= self.score_per_service <= MAX_POINTS, f"score_per_service must be 0 to {MAX_POINTS}")
        require(0 <= self.score_per_referral <= MAX_POINTS, f"score_per_referral must be 0 to {MAX_POINTS}")
        require(0 <= self.grace_days <= MAX_DAYS, f"grace_days must be 0 to {MAX_DAYS}")

    def score_of(self, tier: Tier) -> int:
        """The least score that carries the tier."""
        floors = {Tier.SILVER: self.silver_score, Tier.GOLD: self.gold_score, Tier.PLATINUM: self.platinum_score}
        return floors.get(tier, 0)


@dataclass(frozen=True, slots=True)
class ReferralPolicy:
    """What both sides of a referral get, and how long it is held for a second look."""

    points: int = 2_000
    voucher_kind: str = "fuel_card"
    voucher_value_cents: int = 50_000
    currency: str = "CNY"
    hold_days: int = 7

    def __post_init__(self) -> None:
        require(0 <= self.points <= MAX_POINTS, f"points must be 0 to {MAX_POINTS}")
        require(0 <= self.voucher_value_cents <= MAX_CENTS, f"voucher_value_cents must be 0 to {MAX_CENTS}")
        require(0 <= self.hold_days <= MAX_HOLD_DAYS, f"hold_days must be 0 to {MAX_HOLD_DAYS}")


@dataclass(frozen=True, slots=True)
class Reward:
    """Something points buy: a voucher of a kind and value."""

    reward_id: str
    name_zh: str
    name_en: str
    points: int
    kind: str
    value_cents: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        require(0 < self.points <= MAX_POINTS, f"a reward's points must be 1 to {MAX_POINTS}")
        require(0 <= self.value_cents <= MAX_CENTS, f"value_cents must be 0 to {MAX_CENTS}")


DEFAULT_REWARDS = (
    Reward("car_wash", "精洗一次", "One detailed car wash", 1_000, "car_wash", 5_000),
    Reward("service_100", "100元保养券", "¥100 off maintenance", 2_000, "service", 10_000),
    Reward("fuel_card_200", "200元加油卡", "¥200 fuel card", 4_000, "fuel_card", 20_000),
    Reward("courtesy_car_day", "代步车一天", "A courtesy car for a day", 6_000, "courtesy_car", 30_000),
)


@dataclass(frozen=True, slots=True)
class LoyaltyPolicy:
    """The programme of one dealer group."""

    programme: str = "standard"
    """One fact is rewarded once per programme."""
    time_zone: str = "Asia/Shanghai"
    """Whose days count for points and vouchers that expire."""
    earning: EarningPolicy = field(default_factory=EarningPolicy)
    tiers: TierPolicy = field(default_factory=TierPolicy)
    referral: ReferralPolicy = field(default_factory=ReferralPolicy)
    rewards: tuple[Reward, ...] = DEFAULT_REWARDS
    voucher_life_months: int = 12
    expiring_days: int = 90
    """Points that end within this time are shown to the member as expiring."""

    def __post_init__(self) -> None:
        require(bool(self.programme), "programme must be named")
        require(_is_time_zone(self.time_zone), f"{self.time_zone!r} is no IANA time zone")
        require(1 <= self.voucher_life_months <= MAX_MONTHS, f"voucher_life_months must be 1 to {MAX_MONTHS}")
        require(0 <= self.expiring_days <= MAX_DAYS, f"expiring_days must be 0 to {MAX_DAYS}")
        names = [reward.reward_id for reward in self.rewards]
        require(len(set(names)) == len(names), "reward_id must be unique")


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
