"""How far chance alone may have made a rate, or a difference of two (E. B. Wilson 1927, R. G. Newcombe 1998).

Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22: 209-212.
Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
Statistics in Medicine 17: 873-890, method 10: the score intervals of the two rates, without continuity correction.
"""

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


def newcombe(one: Share, other: Share, *, z: float = Z95) -> Interval:
    """The hybrid score interval of `one`'s rate less `other`'s; of nothing, it may be anything."""
    if not one.of or not other.of:
        return Interval(-1.0, 1.0)
    p, q = one.hits / one.of, other.hits / other.of
    of_one, of_other = wilson(one, z=z), wilson(other, z=z)
    below = sqrt((p - of_one.low) ** 2 + (of_other.high - q) ** 2)
    above = sqrt((of_one.high - p) ** 2 + (q - of_other.low) ** 2)
    return Interval(max(p - q - below, -1.0), min(p - q + above, 1.0))
