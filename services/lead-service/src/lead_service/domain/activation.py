"""The activation rate (战败激活率) beside that of the hold-out: what re-activation is worth, and how sure that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lead_service.domain.opportunity import OpportunityOutcome
from lead_service.domain.statistics import Interval, Share, newcombe

FEWEST = 30
"""With fewer leads in a group nothing is said of the difference: one sale would turn it over."""

FEWEST_WON = 5
"""With fewer sales in both groups together neither."""


class Verdict(StrEnum):
    """What the numbers say of the approach."""

    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    WORKS = "works"
    HARMS = "harms"


@dataclass(frozen=True, slots=True)
class Group:
    """Leads that were approached, or held out, by what became of them."""

    outcomes: Mapping[OpportunityOutcome, int]

    @property
    def leads(self) -> int:
        """How many there are."""
        return sum(self.outcomes.values())

    @property
    def won(self) -> Share:
        """Those whose person bought."""
        return Share(self.outcomes.get(OpportunityOutcome.WON, 0), self.leads)

    @property
    def came_back(self) -> Share:
        """Those whose person came back, and bought or not."""
        return Share(self.won.hits + self.outcomes.get(OpportunityOutcome.RE_ENGAGED, 0), self.leads)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rate of those approached less that of those held out; None where there is nobody to compare."""

    difference: float | None
    interval: Interval | None
    verdict: Verdict


def compare(activated: Group, held_out: Group) -> Comparison:
    """What the approach changed in the share of people who bought.

    The verdict is honest about small numbers: below `FEWEST` leads in a group, or `FEWEST_WON` sales in all, there
    is none.
    """
    one, other = activated.won, held_out.won
    if one.rate is None or other.rate is None:
        return Comparison(None, None, Verdict.TOO_FEW)
    interval = newcombe(one, other)
    return Comparison(one.rate - other.rate, interval, _verdict(one, other, interval))


def _verdict(one: Share, other: Share, interval: Interval) -> Verdict:
    if min(one.of, other.of) < FEWEST or one.hits + other.hits < FEWEST_WON:
        return Verdict.TOO_FEW
    if interval.low > 0:
        return Verdict.WORKS
    return Verdict.HARMS if interval.high < 0 else Verdict.NO_DIFFERENCE
