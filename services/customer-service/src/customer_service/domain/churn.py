"""Who is about to leave (流失预警), why, and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from customer_service.domain.bounds import MAX_DAYS, MAX_PERCENT, require_within

DAY = timedelta(days=1)


class Reason(StrEnum):
    """Why somebody is about to leave."""

    UNRESOLVED_COMPLAINT = "unresolved_complaint"
    """No visit for 60 days, and a complaint that nobody settled."""
    OVERDUE_VISIT = "overdue_visit"
    """Overdue by half of the owner's own interval between visits."""
    FIRST_SERVICE_MISSED = "first_service_missed"
    """首保: the first service was due and did not happen."""


class Strategy(StrEnum):
    """What to do about it."""

    KEEP = "keep"
    RETAIN = "retain"
    WIN_BACK = "win_back"


@dataclass(frozen=True, slots=True)
class ChurnRules:
    """When somebody counts as about to leave."""

    complaint_days_without_visit: int = 60
    overdue_percent: int = 50
    """Of the owner's own interval, beyond it."""
    lost_percent: int = 150
    """So far beyond it, keeping is too late: win back."""
    shortest_interval_days: int = 30
    """Visits closer together than this say nothing about when the next one is expected."""
    first_service_grace_days: int = 14
    """After the overdue reminder of the first service."""

    def __post_init__(self) -> None:
        require_within(
            self,
            complaint_days_without_visit=MAX_DAYS,
            overdue_percent=MAX_PERCENT,
            lost_percent=MAX_PERCENT,
            shortest_interval_days=MAX_DAYS,
            first_service_grace_days=MAX_DAYS,
        )


@dataclass(frozen=True, slots=True)
class Attachment:
    """What ties a customer to the dealer, or does not."""

    since: datetime
    """When the person became a customer."""
    visits: tuple[datetime, ...] = ()
    """The last completed services, newest first."""
    complaint_since: datetime | None = None
    """When the oldest unresolved complaint was made."""
    first_service_missed_at: datetime | None = None
    """When the first service of a vehicle without any was told to be overdue."""


@dataclass(frozen=True, slots=True)
class ChurnWarning:
    """A customer is about to leave."""

    reasons: tuple[Reason, ...]
    strategy: Strategy


def warning_of(attachment: Attachment, rules: ChurnRules, *, now: datetime) -> ChurnWarning | None:
    """Return the warning that holds now, if one does."""
    holds_from = _holds_from(attachment, rules)
    reasons = tuple(sorted(reason for reason, at in holds_from.items() if at <= now))
    if not reasons:
        return None
    lost_at = _overdue_at(attachment, rules, rules.lost_percent)
    if lost_at and lost_at <= now:
        return ChurnWarning(reasons, Strategy.WIN_BACK)
    return ChurnWarning(reasons, Strategy.RETAIN if Reason.UNRESOLVED_COMPLAINT in reasons else Strategy.KEEP)


def next_look_at(attachment: Attachment, rules: ChurnRules, *, now: datetime) -> datetime | None:
    """Return the earliest instant after `now` at which time alone could change the warning; None if it cannot."""
    lost_at = _overdue_at(attachment, rules, rules.lost_percent)
    instants = [*_holds_from(attachment, rules).values(), *([lost_at] if lost_at else [])]
    return min((at for at in instants if at > now), default=None)


def _holds_from(attachment: Attachment, rules: ChurnRules) -> Mapping[Reason, datetime]:
    """Return from when on each reason holds if nothing happens; reasons that cannot hold are absent."""
    holds_from: dict[Reason, datetime] = {}
    if attachment.complaint_since:
        last_seen = attachment.visits[0] if attachment.visits else attachment.since
        away = last_seen + rules.complaint_days_without_visit * DAY
        holds_from[Reason.UNRESOLVED_COMPLAINT] = max(away, attachment.complaint_since)
    if overdue_at := _overdue_at(attachment, rules, rules.overdue_percent):
        holds_from[Reason.OVERDUE_VISIT] = overdue_at
    if attachment.first_service_missed_at:
        grace = rules.first_service_grace_days * DAY
        holds_from[Reason.FIRST_SERVICE_MISSED] = attachment.first_service_missed_at + grace
    return holds_from


def _overdue_at(attachment: Attachment, rules: ChurnRules, percent: int) -> datetime | None:
    """Return when the owner's own interval is exceeded by a share; None before two visits, which make no interval."""
    if len(attachment.visits) < 2:  # noqa: PLR2004 (an interval has two ends)
        return None
    gaps = sorted(later - earlier for later, earlier in pairwise(attachment.visits))
    interval = max(gaps[len(gaps) // 2], rules.shortest_interval_days * DAY)
    return attachment.visits[0] + interval * (100 + percent) / 100
