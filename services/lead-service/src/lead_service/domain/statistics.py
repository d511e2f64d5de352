"""How far chance alone may have made a rate, or a difference of two (E. B. Wilson 1927, R. G. Newcombe 1998).

Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22: 209-212.
Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
Statistics in Medicine 17: 873-890, method 10: the score intervals of the two rates, without continuity correction.
Over several strata: the weights of Greenland and Robins, "Estimation of a common effect parameter from sparse
follow-up data", Biometrics 41 (1985): 55-68, and the limits of Zou, Huang and Zhang, "A note on confidence interval
estimation for a linear function of binomial proportions", Computational Statistics & Data Analysis 53 (2009): 1080-1085
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The quantile of the normal distribution that 95 % intervals stand on."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of a number; `hits` ≤ `of`.

    Raises:
        ValueError: there are more hits than cases, or a number is negative.
    """

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError("hits lie between 0 and the number of cases")

    @property
    def rate(self) -> float | None:
        """The share, 0-1; None of nothing."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure lies with 95 % confidence."""

    low: float
    high: float


def wilson(share: Share, *, z: float = Z95) -> Interval:
    """The score interval of a rate; of nothing, it may be anything."""
    if not share.of:
        return Interval(0.0, 1.0)
    rate, n = share.hits / share.of, share.of
    middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Interval(max(middle - half, 0.0), min(middle + half, 1.0))


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher one rate is than another."""

    value: float
    interval: Interval


def difference(strata: Iterable[tuple[Share, Share]], *, z: float = Z95) -> Difference | None:
    """The rate of the one less that of the other, compared within each stratum; None where none has cases of both.

    A stratum weighs the more the better it can tell (Mantel and Haenszel), so that nothing is made of a difference
    between strata. Of one stratum, this is Newcombe's interval.
    """
    compared = [(one, other) for one, other in strata if one.of and other.of]
    if not compared:
        return None
    weights = [one.of * other.of / (one.of + other.of) for one, other in compared]
    value = below = above = 0.0
    for weight, (one, other) in zip(weights, compared, strict=True):
        share, p, q = weight / sum(weights), one.hits / one.of, other.hits / other.of
        of_one, of_other = wilson(one, z=z), wilson(other, z=z)
        value += share * (p - q)
        below += share**2 * ((p - of_one.low) ** 2 + (of_other.high - q) ** 2)
        above += share**2 * ((of_one.high - p) ** 2 + (q - of_other.low) ** 2)
    return Difference(value, Interval(max(value - sqrt(below), -1.0), min(value + sqrt(above), 1.0)))
