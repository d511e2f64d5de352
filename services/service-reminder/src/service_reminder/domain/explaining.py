"""Why an item has the date it has, as a sentence for people."""

from dataclasses import dataclass

from service_reminder.domain.outlook import ItemOutlook, ItemState, Outlook
from service_reminder.domain.projection import Because, PaceSource


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same in both languages."""

    zh: str
    en: str


def why(item: ItemOutlook, ahead: Outlook) -> Sentence:
    """Say what an item's date, or its lack of one, follows from."""
    if item.state is ItemState.DONE and item.done:
        return Sentence(
            f"已于{item.done.on}在{item.done.km}公里时完成。", f"Done here on {item.done.on} at {item.done.km} km."
        )
    if item.state is ItemState.ASSUMED_DONE:
        since = ahead.registration.registered_at.astimezone(ahead.zone).date()
        return Sentence(
            f"到期日早于车辆建档日{since},视为已在别处完成。",
            f"It fell due before the vehicle became known on {since}; assumed done elsewhere.",
        )
    driven = _driven(ahead)
    if item.projection is None or item.target is None:
        return Sentence(f"{driven.zh},十年内不会到期。", f"{driven.en}: nothing falls due within ten years.")
    if item.projection.because is Because.TIME:
        return _by_time(item, driven)
    return _by_distance(item, driven)


def _by_time(item: ItemOutlook, driven: Sentence) -> Sentence:
    if item.target is None or item.target.km is None:
        return Sentence(f"按日期于{item.due_on}到期。", f"The calendar asks for it on {item.due_on}.")
    return Sentence(
        f"{driven.zh},按日期于{item.due_on}到期,早于达到{item.target.km}公里。",
        f"{driven.en}, the calendar asks for it on {item.due_on}, before {item.target.km} km are reached.",
    )


def _by_distance(item: ItemOutlook, driven: Sentence) -> Sentence:
    km, on = (item.target.km, item.target.on) if item.target else (None, None)
    zh = f"{driven.zh},预计{item.due_on}达到{km}公里"
    en = f"{driven.en}, {km} km are reached on {item.due_on}"
    if on is None:
        return Sentence(f"{zh}。", f"{en}.")
    return Sentence(f"{zh},早于按日期的{on}。", f"{en}, before the calendar asks for it on {on}.")


def _driven(ahead: Outlook) -> Sentence:
    pace, newest = ahead.pace, ahead.odometer.now
    seen, a_day = newest.read_at.astimezone(ahead.zone).date(), f"{pace.km_per_day:.1f}"
    if pace.source is PaceSource.PRIOR:
        basis = Sentence("按默认值估计", "assumed for want of readings")
    else:
        basis = Sentence(
            f"由{pace.days}天内{pace.readings}次读数得出", f"from {pace.readings} readings over {pace.days} days"
        )
    return Sentence(
        f"{seen}里程{newest.km}公里,日均{a_day}公里({basis.zh})",
        f"With {newest.km} km on {seen} and {a_day} km a day ({basis.en})",
    )
