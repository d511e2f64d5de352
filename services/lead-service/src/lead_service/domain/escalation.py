"""Escalation (逐级上报): how far up it is reported that something owed to a lead is late, in working time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lead_service.domain.calendar import WorkingCalendar

MOST_LEVELS = 9
LONGEST_MINUTES = 60 * 24 * 14


@dataclass(frozen=True, slots=True)
class Escalation:
    """The level that has been reported, 0 for none, and when to look for the next; None where there is none to come."""

    level: int = 0
    next_at: datetime | None = None


def escalate(
    escalation: Escalation, due_at: datetime, after_minutes: Sequence[int], calendar: WorkingCalendar, *, at: datetime
) -> Escalation:
    """The escalation at `at` of what was due at `due_at`.

    Level n is reached so many working minutes after the due moment as `after_minutes` says at place n - 1, and never
    while the store is closed. A level that was reported is not taken back.
    """
    opening = calendar.opening(due_at)
    times = [calendar.add_working_time(opening, minutes) for minutes in after_minutes]
    level = max(escalation.level, sum(time <= at for time in times))
    return Escalation(level, times[level] if level < len(times) else None)


def require_levels(name: str, after_minutes: Sequence[int]) -> None:
    """Let the levels of an escalation pass.

    Raises:
        ValueError: they do not rise, are too many, or lie outside two weeks of working time.
    """
    if not 1 <= len(after_minutes) <= MOST_LEVELS:
        raise ValueError(f"{name} has between 1 and {MOST_LEVELS} levels")
    if not all(0 <= minutes <= LONGEST_MINUTES for minutes in after_minutes):
        raise ValueError(f"{name} lie between 0 and {LONGEST_MINUTES} minutes")
    if list(after_minutes) != sorted(set(after_minutes)):
        raise ValueError(f"{name} rise from level to level")
