"""Whether a lost lead is greeted now by the clock, or when it is looked at again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lead_service.domain.reactivation import Candidate, ReactivationPolicy


@dataclass(frozen=True, slots=True)
class Neglected:
    """A lost lead whose greeting is due."""

    candidate: Candidate
    last_attempt_at: datetime | None
    greetings: int
    came_back: bool


@dataclass(frozen=True, slots=True)
class Greeting:
    """Greet the lead now, or not; `next_at` is when it is its turn again, None never."""

    lead: Candidate
    greet: bool
    next_at: datetime | None


def plan(lead: Neglected, policy: ReactivationPolicy, zone: ZoneInfo, *, at: datetime) -> Greeting:
    """What is due to the lead.

    A greeting is an attempt like any other: it waits out the cool-off, counts, and goes to nobody who came back.
    """
    candidate, care = lead.candidate, policy.care
    if care.at_most == 0:
        return Greeting(candidate, greet=False, next_at=care.next(at, zone=zone))
    attempts_left = policy.max_attempts - candidate.attempts
    greetings_left = care.at_most - lead.greetings
    if lead.came_back or attempts_left <= 0 or greetings_left <= 0:
        return Greeting(candidate, greet=False, next_at=None)
    if (due_at := _due_at(lead, policy, zone, at)) > at:
        return Greeting(candidate, greet=False, next_at=due_at)
    is_last = min(attempts_left, greetings_left) == 1
    following = max(care.next(at, zone=zone), care.in_season(at + policy.cool_off, zone))
    return Greeting(candidate, greet=True, next_at=None if is_last else following)


def _due_at(lead: Neglected, policy: ReactivationPolicy, zone: ZoneInfo, at: datetime) -> datetime:
    """When the lead is to be greeted by today's rules; it may be earlier than now."""
    candidate, care = lead.candidate, policy.care
    earliest = care.first(candidate.defeated_at, reason_is_known=candidate.reason.is_known, zone=zone)
    if lead.last_attempt_at is not None:
        pause = max(policy.cool_off, timedelta(days=care.every_days) if lead.greetings else timedelta())
        earliest = max(earliest, lead.last_attempt_at + pause)
    return max(earliest, care.in_season(at, zone))
