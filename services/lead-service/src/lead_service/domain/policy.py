"""What a dealer group decides about its leads. The defaults are the product's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lead_service.domain.assignment import AssignmentPolicy
from lead_service.domain.consent import Wording
from lead_service.domain.defeat import DefeatPolicy
from lead_service.domain.grade import Grade
from lead_service.domain.intake import IntakePolicy
from lead_service.domain.interest import folded
from lead_service.domain.lead_columns import ImportPolicy
from lead_service.domain.reactivation import ReactivationPolicy
from lead_service.domain.sale import SalePolicy
from lead_service.domain.source import Channel
from lead_service.domain.test_drive import TestDrivePolicy, slots_on
from lead_service.domain.working import WorkingPolicy

LONGEST_CLOCK_DAYS = 365

CHANNEL_NAMES: Mapping[str, Channel] = {
    **{channel.value: channel for channel in Channel},
    "官网": Channel.WEBSITE,
    "展厅": Channel.SHOWROOM,
    "电话": Channel.PHONE,
    "懂车帝": Channel.DONGCHEDI,
    "汽车之家": Channel.AUTOHOME,
    "抖音": Channel.DOUYIN,
    "小红书": Channel.XIAOHONGSHU,
    "企业微信": Channel.WECOM,
    "小程序": Channel.MINI_PROGRAM,
    "转介绍": Channel.REFERRAL,
    "活动": Channel.EVENT,
    **dict.fromkeys(("网站", "网络", "网站留资", "web", "web form", "online"), Channel.WEBSITE),
    **dict.fromkeys(("organic search", "organic_search", "paid_search", "direct_traffic"), Channel.WEBSITE),
    **dict.fromkeys(("到店", "自然到店", "自然进店", "进店", "门店", "walk-in", "walk in"), Channel.SHOWROOM),
    **dict.fromkeys(("来电", "呼入", "热线", "400电话", "phone call", "phone inquiry", "call"), Channel.PHONE),
    **dict.fromkeys(("巨量引擎", "抖音来客", "抖店"), Channel.DOUYIN),
    **dict.fromkeys(("企微",), Channel.WECOM),
    **dict.fromkeys(("微信小程序",), Channel.MINI_PROGRAM),
    **dict.fromkeys(("老带新", "老客户介绍", "老客户转介绍", "朋友介绍", "朋友推荐"), Channel.REFERRAL),
    **dict.fromkeys(("partner referral", "customer referral"), Channel.REFERRAL),
    **dict.fromkeys(("车展", "外展", "市场活动", "试驾活动", "trade show"), Channel.EVENT),
    **dict.fromkeys(("其他", "其它"), Channel.OTHER),
}
"""What senders and tables call the channels."""


@dataclass(frozen=True, slots=True)
class LeadPolicy:
    """The rules of one dealer group.

    `stores` names a store by the code that senders use for it; `default_store_id` takes what names
    none. `channel_names` says which channel a sender of that name is. A channel without a wording
    grants nothing.

    Raises:
        ValueError: the time zone is unknown, or a grade has no clock, or none that can run.
    """

    time_zone: str = "Asia/Shanghai"
    default_grade: Grade = Grade.B
    contact_within_days: Mapping[Grade, int] = field(
        default_factory=lambda: {Grade.H: 1, Grade.A: 1, Grade.B: 3, Grade.C: 7}
    )
    consent_wordings: Mapping[Channel, Wording] = field(default_factory=dict)
    stores: Mapping[str, UUID] = field(default_factory=dict)
    default_store_id: UUID | None = None
    channel_names: Mapping[str, Channel] = field(default_factory=lambda: dict(CHANNEL_NAMES))
    reactivation: ReactivationPolicy = field(default_factory=ReactivationPolicy)
    assignment: AssignmentPolicy = field(default_factory=AssignmentPolicy)
    test_drives: TestDrivePolicy = field(default_factory=TestDrivePolicy)
    sales: SalePolicy = field(default_factory=SalePolicy)
    defeats: DefeatPolicy = field(default_factory=DefeatPolicy)
    intake: IntakePolicy = field(default_factory=IntakePolicy)
    working: WorkingPolicy = field(default_factory=WorkingPolicy)
    imports: ImportPolicy = field(default_factory=ImportPolicy)

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{self.time_zone!r} is no time zone") from error
        if missing := set(Grade) - set(self.contact_within_days):
            raise ValueError(f"contact_within_days says nothing of {', '.join(sorted(missing))}")
        if not all(0 < days <= LONGEST_CLOCK_DAYS for days in self.contact_within_days.values()):
            raise ValueError(f"contact_within_days lie between 1 and {LONGEST_CLOCK_DAYS}")

    def next_contact(self, grade: Grade, at: datetime, store_id: UUID) -> datetime:
        """When a lead of this grade, at this store, is owed a contact after one at `at`; never in closed time."""
        return self.working.follow_up_due(at + timedelta(days=self.contact_within_days[grade]), store_id)

    def today(self, at: datetime) -> date:
        """The calendar day at the dealer's."""
        return at.astimezone(self.zone).date()

    def worklist_until(self, at: datetime) -> datetime:
        """Up to when a worklist that is asked for `at` shows what falls due: the end of the day, or a while ahead."""
        tomorrow = datetime.combine(self.today(at) + timedelta(days=1), time(), self.zone)
        return max(tomorrow, at + timedelta(hours=self.working.worklist.hours_ahead))

    @property
    def zone(self) -> ZoneInfo:
        """Where the dealer is."""
        return ZoneInfo(self.time_zone)

    def zone_of(self, store_id: UUID) -> ZoneInfo:
        """Where the store is, by the calendar that says when it works; without one, where the dealer is."""
        calendar = self.working.calendar_of(store_id)
        has_own = calendar.shifts or store_id in self.working.store_calendars
        return ZoneInfo(calendar.time_zone) if has_own else self.zone

    def demo_car_slots(self, store_id: UUID, on: date) -> list[datetime]:
        """The half hours of a day, as dates are at the store, in which it works and its demo cars can be had."""
        return slots_on(self.test_drives, on, self.zone_of(store_id), self.working.calendar_of(store_id))

    def store_of(self, *names: str | None) -> UUID | None:
        """The store that the first known one of these names means."""
        stores = {folded(code): store_id for code, store_id in self.stores.items()}
        return next((stores[folded(name)] for name in names if name and folded(name) in stores), None)

    def channel_of(self, *names: str | None) -> Channel:
        """The channel that the first known one of these names means; `other` if none does."""
        channels = {folded(name): channel for name, channel in self.channel_names.items()}
        return next((channels[folded(name)] for name in names if name and folded(name) in channels), Channel.OTHER)
