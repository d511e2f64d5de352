"""The activation rate (战败激活率) beside that of the hold-out: what re-activation is worth, and how sure that is."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lead_service.domain.opportunity import OpportunityOutcome
from lead_service.domain.reactivation import ReactivationState
from lead_service.domain.statistics import Interval, Share, difference

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
class Tally:
    """So many leads that were approached, or held out, and of whom the same became.

    `hold_out_percent` were held out by the rules of then. `is_over` says that whoever comes back from now on does not
    count: of these it is known what the approach was worth, of the others not yet.
    """

    state: ReactivationState
    outcome: OpportunityOutcome
    hold_out_percent: int
    is_over: bool
    leads: int

    @property
    def compares(self) -> bool:
        """Whether these leads say what the approach was worth: the time is over, and chance drew who was approached."""
        return self.is_over and 0 < self.hold_out_percent < 100  # noqa: PLR2004 (per cent)


@dataclass(frozen=True, slots=True)
class Group:
    """Leads that were approached, or held out, by what became of them."""

    outcomes: Mapping[OpportunityOutcome, int]
    over: int = 0
    """For how many the time is over."""

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
    """The rate of those approached less that of those held out; None where there is nobody to compare.

    Both are rates of the leads whose time is over, compared among those of whom the same share was held out.
    """

    difference: float | None
    interval: Interval | None
    verdict: Verdict


def group_of(tallies: Collection[Tally], state: ReactivationState) -> Group:
    """The leads in this state."""
    outcomes: Counter[OpportunityOutcome] = Counter()
    for tally in tallies:
        if tally.state is state:
            outcomes[tally.outcome] += tally.leads
    return Group(outcomes, sum(tally.leads for tally in tallies if tally.state is state and tally.is_over))


def compare(tallies: Collection[Tally]) -> Comparison:
    """What the approach changed in the share of people who bought.

    Leads are compared with those of whom the same share was held out: where that share changed from a good season to
    a bad one, the seasons would else be taken for what the approach did. One lead may stand for several approaches, of
    which one at most is won: that makes no interval narrower than it is. The verdict is honest about small numbers:
    below `FEWEST` leads in a group, or `FEWEST_WON` sales in all, there is none.
    """
    strata = _strata([tally for tally in tallies if tally.compares])
    found = difference(strata)
    if found is None:
        return Comparison(None, None, Verdict.TOO_FEW)
    return Comparison(found.value, found.interval, _verdict(strata, found.interval))


def _strata(tallies: Collection[Tally]) -> list[tuple[Share, Share]]:
    """Those who were approached and those held out, by the share that was held out; only where there are both."""
    strata = []
    for percent in sorted({tally.hold_out_percent for tally in tallies}):
        alike = [tally for tally in tallies if tally.hold_out_percent == percent]
        one, other = (group_of(alike, state).won for state in (ReactivationState.ACTIVATED, ReactivationState.HELD_OUT))
        if one.of and other.of:
            strata.append((one, other))
    return strata


def _verdict(strata: Collection[tuple[Share, Share]], interval: Interval) -> Verdict:
    fewest = min(sum(one.of for one, _ in strata), sum(other.of for _, other in strata))
    if fewest < FEWEST or sum(one.hits + other.hits for one, other in strata) < FEWEST_WON:
        return Verdict.TOO_FEW
    if interval.low > 0:
        return Verdict.WORKS
    return Verdict.HARMS if interval.high < 0 else Verdict.NO_DIFFERENCE
