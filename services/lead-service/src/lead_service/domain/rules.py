"""Which change speaks to which lost lead, and what is said: the matching rules, which are data of the policy."""

from dataclasses import dataclass
from enum import StrEnum

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.signal import SignalKind
from lead_service.domain.substitutes import SAME


class Strategy(StrEnum):
    """What to say to a lead that is approached again."""

    PRICE_DROP = "price_drop"
    LIMITED_OFFER = "limited_offer"
    IN_STOCK = "in_stock"
    NEW_MODEL = "new_model"
    COMPETITOR_ANSWER = "competitor_answer"
    SUBSTITUTE = "substitute"
    """A similar car is there, in place of the one that was wanted."""
    BETTER_VALUE = "better_value"
    """A similar car costs less now."""
    CARE = "care"


@dataclass(frozen=True, slots=True)
class MatchingRule:
    """Signals of these kinds speak to leads lost for these reasons (none named: any) at least so long ago.

    `fit` are the points, 0-40, that the match gives to the priority. With `same_competitor`, signal
    and defeat must not name different competitors. With `least_similarity` the rule is for leads that
    asked for a similar car (see `substitutes`) and not for the signal's own; the less similar, the lower
    the fit.

    Raises:
        ValueError: a number is outside its bounds.
    """

    signals: tuple[SignalKind, ...]
    strategy: Strategy
    fit: int
    reasons: tuple[DefeatReason, ...] = ()
    older_than_days: int = 0
    same_competitor: bool = False
    least_similarity: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.fit <= 40 or not 0 <= self.older_than_days <= 3650:  # noqa: PLR2004 (see above)
            raise ValueError("fit lies between 0 and 40, older_than_days between 0 and 3650")
        if self.least_similarity is not None and not 1 <= self.least_similarity < SAME:
            raise ValueError(f"least_similarity lies between 1 and {SAME - 1}")

    def accepts(self, similarity: int) -> bool:
        """Whether the rule is for leads that asked for a car so similar to the signal's."""
        if self.least_similarity is None:
            return similarity == SAME
        return self.least_similarity <= similarity < SAME

    def fit_of(self, similarity: int) -> int:
        """The points of a match that is so similar."""
        return self.fit * similarity // SAME


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
    MatchingRule((SignalKind.PRICE_CUT,), Strategy.BETTER_VALUE, 40, (DefeatReason.PRICE,), least_similarity=60),
    MatchingRule(
        (SignalKind.STOCK_ARRIVAL,),
        Strategy.SUBSTITUTE,
        40,
        (DefeatReason.CONFIGURATION, DefeatReason.DELIVERY_TIME),
        least_similarity=60,
    ),
    MatchingRule((SignalKind.LAUNCH,), Strategy.CARE, 15, (DefeatReason.UNKNOWN,)),
    MatchingRule((SignalKind.LAUNCH,), Strategy.CARE, 10, older_than_days=90),
)
"""The first rule that matches a lead decides."""
