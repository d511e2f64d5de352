"""What happened to a customer, in words: one line in Chinese and in English for each kind of entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Data = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened to a party: a customer, or the lead the customer was before."""

    dealer_id: UUID
    party_id: UUID
    entry_id: UUID
    """The id of the event that said so: an entry is made once."""
    kind: str
    occurred_at: datetime
    data: Data = field(default_factory=dict)
    """Whole numbers, words and ids; no personal data."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One line about an entry."""

    zh: str
    en: str


def summary_of(kind: str, data: Data) -> Summary:
    """Return the line about an entry of this kind, with its numbers in it."""
    chinese, english = LINES[kind]
    words = Words(data)
    return Summary(chinese.format_map(words), english.format_map(words))


class Words(dict[str, str]):
    """An entry's data as it is read: money in yuan, kilometres with separators, an absent value as a dash."""

    def __init__(self, data: Data) -> None:
        super().__init__({name: _shown(name, value) for name, value in data.items()})

    def __missing__(self, name: str) -> str:
        return "—"


def _shown(name: str, value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, int):
        return next((show(value) for suffix, show in UNITS.items() if name.endswith(suffix)), f"{value:,}")
    return str(value)


UNITS: Mapping[str, Callable[[int], str]] = {
    "_cents": lambda cents: f"¥{cents // 100:,}.{cents % 100:02d}",
}

LINES: Mapping[str, tuple[str, str]] = {
    "lead_captured": ("通过 {channel} 留资，意向 {make} {model}", "Asked about a {make} {model} through {channel}"),
    "lead_defeated": ("战败：{reason}（{make} {model}）", "Lost because of {reason} ({make} {model})"),
    "lead_reactivated": ("战败激活：{strategy}（{make} {model}）", "Re-activated with {strategy} ({make} {model})"),
    "lead_won": ("购车：{make} {model}，{price_cents}", "Bought a {make} {model} for {price_cents}"),
    "lead_won_cancelled": ("购车取消：{reason}（{make} {model}）", "Sale undone: {reason} ({make} {model})"),
    "customer_registered": ("成为客户", "Became a customer"),
    "vehicle_registered": ("登记车辆 {make} {model}（{vin}）", "Vehicle registered: {make} {model} ({vin})"),
    "vehicle_returned": ("车辆退回 {make} {model}（{vin}）", "Vehicle returned: {make} {model} ({vin})"),
    "vehicle_disposed": ("车辆置换 {make} {model}（{vin}）", "Vehicle given away: {make} {model} ({vin})"),
    "consent_granted": ("同意接收 {purpose} 消息（{channel}）", "Agreed to {purpose} messages by {channel}"),
    "consent_withdrawn": (
        "不再同意接收 {purpose} 消息（{channel}）",
        "No longer agrees to {purpose} messages by {channel}",
    ),
    "unsubscribed": ("退订 {purpose} 消息（{channel}）", "Unsubscribed from {purpose} messages by {channel}"),
    "segment_changed": (
        "客户分层由 {from_segment} 变为 {to_segment}",
        "Segment changed from {from_segment} to {to_segment}",
    ),
    "trade_in_candidate_found": (
        "置换候选：{make} {model}，{odometer_km} 公里",
        "Trade-in candidate: {make} {model} at {odometer_km} km",
    ),
    "maintenance_due": ("保养到期 {due_on}：{items_zh}", "Maintenance due on {due_on}: {items_en}"),
    "visit_started": ("车辆进店", "Vehicle arrived at the workshop"),
    "service_completed": (
        "维保完成，{amount_cents}，{odometer_km} 公里",
        "Service completed: {amount_cents} at {odometer_km} km",
    ),
    "points_earned": ("获得 {points} 积分（{rule}）", "Earned {points} points ({rule})"),
    "points_reversed": ("收回 {points} 积分（{rule}：{reason}）", "{points} points taken back ({rule}: {reason})"),
    "tier_changed": ("会员等级由 {from_tier} 变为 {to_tier}", "Tier changed from {from_tier} to {to_tier}"),
    "referral_paid": ("转介绍奖励 {points} 积分（{side}）", "Referral reward of {points} points ({side})"),
    "message_sent": ("已发送消息 {template}（{channel}）", "Message {template} sent by {channel}"),
    "message_suppressed": ("消息 {template} 未发送：{reason}", "Message {template} was not sent: {reason}"),
    "complaint_opened": ("投诉：{topic_of_complaint}", "Complained about {topic_of_complaint}"),
    "complaint_called_back": ("投诉已回访", "Was called back about the complaint"),
    "complaint_escalated": ("投诉升级至 {level} 级", "Complaint escalated to level {level}"),
    "complaint_resolved": ("投诉已解决", "Complaint resolved"),
    "churn_warned": ("流失预警：{reasons}（{strategy}）", "Churn warning: {reasons} ({strategy})"),
    "churn_cleared": ("流失预警解除：{because}", "Churn warning cleared: {because}"),
}
