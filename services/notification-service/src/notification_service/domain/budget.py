"""How many messages a person may get on one day, all channels and journeys together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID


class BudgetKey(NamedTuple):
    """A person's calendar day, in their time zone."""

    dealer_id: UUID
    person_id: UUID
    on_date: date


@dataclass(frozen=True, slots=True)
class Budget:
    """What of a day's cap is gone: `reserved` for messages on their way, `used` by those that were sent."""

    reserved: int = 0
    used: int = 0

    def left(self, cap: int) -> int:
        """How many more may go; never negative, also after the cap was lowered."""
        return max(cap - self.reserved - self.used, 0)


@dataclass(frozen=True, slots=True)
class Ask:
    """A message that would take one from a day's budget."""

    message_id: UUID
    key: BudgetKey
    priority: int
    due_at: datetime


def admitted(asks: Iterable[Ask], left: Mapping[BudgetKey, int]) -> frozenset[UUID]:
    """The messages that fit into what is left of their day: higher priority first, then whoever waits longer."""
    places = dict(left)
    taken: set[UUID] = set()
    for ask in sorted(asks, key=lambda a: (-a.priority, a.due_at, a.message_id)):
        if places[ask.key] > 0:
            places[ask.key] -= 1
            taken.add(ask.message_id)
    return frozenset(taken)


@dataclass(frozen=True, slots=True)
class Move:
    """A change of one day's budget."""

    key: BudgetKey
    reserved: int
    used: int


def moves(
    *, reserve: Iterable[BudgetKey] = (), release: Iterable[BudgetKey] = (), use: Iterable[BudgetKey] = ()
) -> tuple[Move, ...]:
    """Take, give back and use up places, summed per day and without those that cancel out.

    A place that is used up leaves the reserved ones. Sorted, so that everybody locks in one order.
    """
    reserved: Counter[BudgetKey] = Counter()
    used: Counter[BudgetKey] = Counter(use)
    reserved.update(reserve)
    reserved.subtract(release)
    reserved.subtract(used)
    keys = sorted(reserved.keys() | used.keys())
    return tuple(Move(k, reserved[k], used[k]) for k in keys if reserved[k] or used[k])
