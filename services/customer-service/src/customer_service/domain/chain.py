"""The largest consistent chain of odometer readings, in O(n log n)."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

MICROSECOND = timedelta(microseconds=1)
DAY_US = 86_400_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Point(NamedTuple):
    """What an odometer showed, and when. Sorts by time, at one instant by distance.

    A tuple, because a batch compares thousands of them.
    """

    at: datetime
    km: int


def follows(later: Point, earlier: Point, km_per_day: int) -> bool:
    """Tell whether `later` can be the next reading after `earlier`: not lower, and not too far ahead.

    At least a day is counted between two readings.
    """
    if later < earlier or later.km < earlier.km:
        return False
    elapsed_us = max(DAY_US, (later.at - earlier.at) // MICROSECOND)
    return (later.km - earlier.km) * DAY_US <= km_per_day * elapsed_us


def longest_chain(points: Sequence[Point], before: Point | None, after: Point | None, km_per_day: int) -> list[int]:
    """Return, in order, the indices of the longest run of `points` (sorted) in which each follows the one before it.

    The run also follows `before` and is followed by `after`, where these are given. Of several
    longest runs it is one that ends lowest: a reading that is too low heals by itself as the
    vehicle drives on, one that is too high would not.
    """
    if all_follow([*([before] if before else []), *points, *([after] if after else [])], km_per_day):
        return list(range(len(points)))
    runs = _Runs(points, km_per_day)
    for index in sorted(range(len(points)), key=lambda i: (points[i].km, i)):
        runs.extend(index, may_start=before is None or follows(points[index], before, km_per_day))
    ends = (index for index, point in enumerate(points) if after is None or follows(after, point, km_per_day))
    return runs.back_from(max(ends, key=lambda index: runs.best[index], default=None))


def all_follow(points: Sequence[Point], km_per_day: int) -> bool:
    """Tell whether each of the points can be the next reading after the one before it."""
    for earlier, later in pairwise(points):  # noqa: SIM110 (half the time of `all(…)` for two points, which is usual)
        if not follows(later, earlier, km_per_day):
            return False
    return True


class _Runs:
    """The best run that ends at each point, as the points are added from the lowest km up.

    `later` follows `earlier` in one of two ways: within a day's distance of it (`near`, by
    place in time), or not ahead of a vehicle that drives `km_per_day` from it on (`far`, by
    that vehicle's headway). Each is a question for the best of a prefix.

    A run is written as one number, so that numbers compare as runs do: its length, then the
    place of its end counted from the highest km, then nothing; 0 is no run.
    """

    def __init__(self, points: Sequence[Point], km_per_day: int) -> None:
        self._points, self._km_per_day = points, km_per_day
        headway = [km_per_day * ((p.at - EPOCH) // MICROSECOND) - p.km * DAY_US for p in points]
        distinct = sorted(set(headway))
        self._rank = [bisect_left(distinct, value) for value in headway]
        self._near, self._far = _PrefixMax(len(points)), _PrefixMax(len(distinct))
        self._added: list[int] = []
        self._too_low = 0
        self._base = len(points) + 1
        self._previous: dict[int, int | None] = {}
        self.best = [0] * len(points)

    def extend(self, index: int, *, may_start: bool) -> None:
        """Add a point that is not lower than any before it: the end of the best run it can follow, or of a new one."""
        self._drop_those_below(self._points[index].km - self._km_per_day)
        found = max(self._near.best(index), self._far.best(self._rank[index] + 1))
        place = len(self._added)
        self._added.append(index)
        if not found and not may_start:
            return
        length, place_of_end = divmod(found, self._base)
        self._previous[index] = self._added[self._base - 1 - place_of_end] if found else None
        self.best[index] = (length + 1) * self._base + self._base - 1 - place
        self._near.put(index, self.best[index])
        self._far.put(self._rank[index], max(self.best[index], self._far.at(self._rank[index])))

    def _drop_those_below(self, km: int) -> None:
        while self._too_low < len(self._added) and self._points[self._added[self._too_low]].km < km:
            self._near.put(self._added[self._too_low], 0)
            self._too_low += 1

    def back_from(self, end: int | None) -> list[int]:
        """Return the run that ends at `end`, from its start."""
        run: list[int] = []
        while end is not None and self.best[end]:
            run.append(end)
            end = self._previous[end]
        return run[::-1]


class _PrefixMax:
    """Numbers in places 0..n-1 (0 at first) that answers for the greatest of the first k in O(log n)."""

    def __init__(self, places: int) -> None:
        self._size = 1 << places.bit_length()
        self._tree = [0] * (2 * self._size)

    def at(self, place: int) -> int:
        """Return the number in a place."""
        return self._tree[place + self._size]

    def put(self, place: int, number: int) -> None:
        """Put a number, greater or smaller, in a place."""
        tree, node = self._tree, place + self._size
        tree[node] = number
        while node > 1:
            node >>= 1
            tree[node] = max(tree[2 * node], tree[2 * node + 1])

    def best(self, count: int) -> int:
        """Return the greatest of the first `count` numbers, 0 for none."""
        tree, node, best = self._tree, count + self._size, 0
        while node > 1:
            if node & 1:
                best = max(best, tree[node - 1])
            node >>= 1
        return best
