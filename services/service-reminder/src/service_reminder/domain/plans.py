"""Maintenance plans: what falls due, at which distances and ages."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Powertrain(StrEnum):
    """What drives the wheels."""

    PETROL = "petrol"
    DIESEL = "diesel"
    HYBRID = "hybrid"
    ELECTRIC = "electric"


class CountsFrom(StrEnum):
    """Where an item's next interval starts."""

    LAST_SERVICE = "last_service"
    """The day and distance it was last done at: oil, filters, brake fluid."""
    PURCHASE = "purchase"
    """The calendar of the purchase, whenever it was last done: insurance, inspection."""


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One piece of maintenance, or a date that an owner must not miss.

    It recurs every `every_km` or `every_months`, whichever comes first, or happens once at `once_at_km`.
    `at_months` names the ages of its first cycles, where they differ from the interval. Without an interval it ends
    after those. `assumed_done_after_days` and `lapses_after_days` replace the dealer's policy for this item.
    """

    code: str
    name_zh: str
    name_en: str
    every_km: int | None = None
    every_months: int | None = None
    once_at_km: int | None = None
    at_months: tuple[int, ...] = ()
    counts_from: CountsFrom = CountsFrom.LAST_SERVICE
    assumed_done_after_days: int | None = None
    lapses_after_days: int | None = None

    @property
    def recurs(self) -> bool:
        """Whether another cycle follows each."""
        return self.every_km is not None or self.every_months is not None

    @property
    def times(self) -> int | None:
        """How often it happens at all; None without end."""
        return None if self.recurs else max(1, len(self.at_months))

    def km_of(self, cycle: int, factor: float) -> int | None:
        """Return the booklet's distance of the nth cycle (from 1), by a vehicle used `factor` as gently."""
        if self.once_at_km is not None:
            return self.once_at_km if cycle == 1 else None
        return None if self.every_km is None else cycle * shortened(self.every_km, factor)

    def months_of(self, cycle: int, factor: float) -> int | None:
        """Return the booklet's age in months of the nth cycle (from 1)."""
        if cycle <= len(self.at_months):
            return self.at_months[cycle - 1]
        if self.every_months is None:
            return None
        listed = self.at_months[-1] if self.at_months else 0
        return listed + (cycle - len(self.at_months)) * self.months_between(factor)

    def months_between(self, factor: float) -> int:
        """Return the months between two cycles; the calendar of the purchase knows no severe use."""
        months = self.every_months or 0
        return months if self.counts_from is CountsFrom.PURCHASE else shortened(months, factor)


@dataclass(frozen=True, slots=True)
class Plan:
    """The items of the vehicles it fits. `version` 0 is the one that ships with the product.

    `severe_use_factor` (0.1 to 1) shortens the intervals of vehicles in severe use: taxis, dust, short trips.
    """

    name: str
    powertrains: frozenset[Powertrain]
    items: tuple[PlanItem, ...]
    make: str | None = None
    model: str | None = None
    severe_use_factor: float = 0.5
    version: int = 0

    def fits(self, make: str, model: str, powertrain: str) -> bool:
        """Tell whether the plan is for such a vehicle. Make and model are compared without case."""
        return (
            powertrain in self.powertrains
            and (self.make is None or self.make.casefold() == make.casefold())
            and (self.model is None or self.model.casefold() == model.casefold())
        )


def plan_for(plans: Iterable[Plan], make: str, model: str, powertrain: str) -> Plan | None:
    """Choose the most particular plan that fits: model before make before powertrain, the dealer's before ours."""
    fitting = [plan for plan in plans if plan.fits(make, model, powertrain)]
    return max(
        fitting,
        key=lambda plan: (plan.model is not None, plan.make is not None, plan.version > 0, plan.name),
        default=None,
    )


def months_after(start: date, months: int) -> date:
    """Return the same day `months` later, or the last of that month where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """Count the months that have passed from one day to a later one; 0 if it is not later."""
    return max(0, (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day))


def shortened(interval: int, factor: float) -> int:
    """Return the interval of severe use, at least 1."""
    return interval if factor == 1 else max(1, round(interval * factor))
