"""A row: contenders that do the same work, measured in turn on the same servers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from benchmarks.harness.servers import Servers

Figures = Mapping[str, float]
"""What one round of a contender measured, by the row's names of its figures."""

T = TypeVar("T")


class Size(Enum):
    """How much work a round does."""

    FULL = "full"
    QUICK = "quick"
    SMOKE = "smoke"
    """The least at which everything still runs: for the test that the benchmarks work."""

    def of(self, full: int, quick: int, smoke: int) -> int:
        """The amount that belongs to this size."""
        return {Size.FULL: full, Size.QUICK: quick, Size.SMOKE: smoke}[self]


@dataclass(frozen=True, slots=True)
class Contender(Generic[T]):
    """One way to do the row's work."""

    name: str
    run: Callable[[T], Awaitable[Figures]]
    """One round. It prepares what it needs, measures only the work, and checks that the work was done."""
    x: float | None = None
    """Where it stands on the row's curve; rows without a curve have none."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a figure of the row's first contender, or of the one named.

    `of` makes the bound a multiple of what another contender measured in the same run.
    """

    figure: str
    at_least: float | None = None
    at_most: float | None = None
    of: str | None = None
    contender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[T]):
    """One line of the report."""

    name: str
    """A word: names the row on the command line, its results, its block in the report and its plot."""
    title: str
    measures: str
    """One sentence: what is done, and from when to when the clock runs."""
    units: Mapping[str, str]
    """Unit by figure. The first figure is the one that is plotted."""
    stage: Callable[["Servers", Size], AbstractAsyncContextManager[T]]
    """Makes what all contenders share: databases, topics, data."""
    contenders: Sequence[Contender[T]]
    """Ours first."""
    targets: Sequence[Target] = ()
    rounds: int | None = None
    """Fewer than the run's, where a round is long."""
    warm_up: bool = True
    """Whether each contender runs once before what counts."""
    needs_kafka: bool = True
    curve_over: str | None = None
    """What `Contender.x` counts."""
    apart: bool = False
    """Takes so many minutes that it is measured only when it is named."""
