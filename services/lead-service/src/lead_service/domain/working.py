"""How leads are worked: when the stores are open, how soon people are answered, and who hears if they are not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from lead_service.domain.calendar import WorkingCalendar
from lead_service.domain.escalation import require_levels
from lead_service.domain.grade import Grade
from lead_service.domain.source import Channel
from lead_service.domain.worklist import WorklistPolicy

LONGEST_RESPONSE_MINUTES = 60 * 24 * 7
LONGEST_GRACE_MINUTES = 60 * 24
FURTHEST_DAYS = 365
MOST_CALENDARS = 1_000


@dataclass(frozen=True, slots=True)
class WorkingPolicy:
    """How a dealer group works its leads. All minutes are of working time.

    `calendar` is that of every store that has none of its own in `store_calendars`. A new lead is answered within
    `respond_within_minutes` of its channel, or `respond_otherwise_within_minutes`. Level n of an escalation is reached
    so many minutes after the due time as its list says at place n - 1; level 1 says that it is late. A follow-up that
    would fall due in closed time is due `due_after_opening_minutes` after the store opens. An advisor may put the next
    contact off until `furthest_contact_days` of the grade after the last one at most.

    Raises:
        ValueError: a number is outside its bounds, or a grade says nothing of how far a contact may be put off.
    """

    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    store_calendars: Mapping[UUID, WorkingCalendar] = field(default_factory=dict)
    respond_within_minutes: Mapping[Channel, int] = field(default_factory=lambda: {Channel.SHOWROOM: 3})
    respond_otherwise_within_minutes: int = 30
    response_escalation_minutes: tuple[int, ...] = (0, 30, 120)
    follow_up_escalation_minutes: tuple[int, ...] = (0, 240, 480)
    due_after_opening_minutes: int = 60
    furthest_contact_days: Mapping[Grade, int] = field(
        default_factory=lambda: {Grade.H: 3, Grade.A: 7, Grade.B: 14, Grade.C: 60}
    )
    timeliness_target_percent: int = 95
    comparison_report_every_days: int = 7
    worklist: WorklistPolicy = field(default_factory=WorklistPolicy)

    def __post_init__(self) -> None:
        require_levels("response_escalation_minutes", self.response_escalation_minutes)
        require_levels("follow_up_escalation_minutes", self.follow_up_escalation_minutes)
        responses = (*self.respond_within_minutes.values(), self.respond_otherwise_within_minutes)
        if not all(1 <= minutes <= LONGEST_RESPONSE_MINUTES for minutes in responses):
            raise ValueError(f"a response is due within 1 to {LONGEST_RESPONSE_MINUTES} minutes")
        if missing := set(Grade) - set(self.furthest_contact_days):
            raise ValueError(f"furthest_contact_days say nothing of {', '.join(sorted(missing))}")
        if not all(1 <= days <= FURTHEST_DAYS for days in self.furthest_contact_days.values()):
            raise ValueError(f"furthest_contact_days lie between 1 and {FURTHEST_DAYS}")
        if len(self.store_calendars) > MOST_CALENDARS:
            raise ValueError(f"at most {MOST_CALENDARS} stores have calendars of their own")
        for name, least, most in (
            ("due_after_opening_minutes", 0, LONGEST_GRACE_MINUTES),
            ("timeliness_target_percent", 1, 100),
            ("comparison_report_every_days", 1, FURTHEST_DAYS),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} lies between {least} and {most}")

    def calendar_of(self, store_id: UUID) -> WorkingCalendar:
        """The calendar that the store works by."""
        return self.store_calendars.get(store_id, self.calendar)

    def respond_by(self, channel: Channel, store_id: UUID, at: datetime) -> datetime:
        """When a lead that comes through the channel at `at` is to be answered."""
        minutes = self.respond_within_minutes.get(channel, self.respond_otherwise_within_minutes)
        return self.calendar_of(store_id).add_working_time(at, minutes)

    def follow_up_due(self, at: datetime, store_id: UUID) -> datetime:
        """When a follow-up is due that a clock puts at `at`: then, or a while after the store opens again."""
        calendar = self.calendar_of(store_id)
        if calendar.is_open(at):
            return at
        return calendar.add_working_time(calendar.opening(at), self.due_after_opening_minutes)

    def furthest_contact(self, grade: Grade, since: datetime) -> datetime:
        """Until when an advisor may put off a lead of this grade that was last contacted, or captured, then."""
        return since + timedelta(days=self.furthest_contact_days[grade])

    @property
    def report_every(self) -> timedelta:
        """How often a person who decides by comparison is sent one (决策谨慎型)."""
        return timedelta(days=self.comparison_report_every_days)
