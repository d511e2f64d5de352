"""What makes a plan file's content a plan: every fault is named, or there is none."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from service_reminder.domain.errors import Fault, InvalidPlan
from service_reminder.domain.plans import CountsFrom, Plan, PlanItem, Powertrain

_WORD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PLAN_FIELDS = {"powertrains", "make", "model", "severe_use_factor", "items", "source"}
_WHOLE_NUMBERS = {
    "every_km": (500, 1_000_000),
    "every_months": (1, 600),
    "once_at_km": (1, 10_000_000),
    "assumed_done_after_days": (0, 36_500),
    "lapses_after_days": (0, 36_500),
}
_ITEM_FIELDS = {"code", "name_zh", "name_en", "at_months", "counts_from", *_WHOLE_NUMBERS}
_LEAST_FACTOR = 0.1
_MOST_ITEMS = 200
_MOST_MONTHS = 1_200
_LONGEST_TEXT = 200


def plan_of(name: str, content: object, *, version: int) -> Plan:
    """Read a plan from a file's content: a mapping of scalars, lists and mappings.

    Raises:
        InvalidPlan: with everything that is wrong, each under its JSON pointer.
    """
    if not isinstance(content, Mapping):
        raise InvalidPlan([Fault("", "is not a mapping with powertrains and items")])
    faults = [Fault(f"/{field}", "is not a field of a plan") for field in _unknown(content, _PLAN_FIELDS)]
    powertrains = _powertrains(content.get("powertrains"), faults)
    factor = _factor(content.get("severe_use_factor", 0.5), faults)
    items = _items(content.get("items"), faults)
    make, model = (_text(content.get(field), f"/{field}", faults) for field in ("make", "model"))
    if model is not None and make is None:
        faults.append(Fault("/make", "is needed beside model"))
    if faults:
        raise InvalidPlan(faults)
    return Plan(name, powertrains, items, make, model, factor, version)


def _powertrains(value: object, faults: list[Fault]) -> frozenset[Powertrain]:
    words = {str(word) for word in value} if isinstance(value, list) and len(value) <= len(Powertrain) else set()
    if not words or not words <= set(Powertrain):
        faults.append(Fault("/powertrains", f"is a list of {', '.join(Powertrain)}"))
        return frozenset()
    return frozenset(map(Powertrain, words))


def _factor(value: object, faults: list[Fault]) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and _LEAST_FACTOR <= value <= 1:
        return float(value)
    faults.append(Fault("/severe_use_factor", f"is a number from {_LEAST_FACTOR} to 1"))
    return 1.0


def _items(value: object, faults: list[Fault]) -> tuple[PlanItem, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not 0 < len(value) <= _MOST_ITEMS:
        faults.append(Fault("/items", f"is a list of 1 to {_MOST_ITEMS} items"))
        return ()
    items = [item for index, row in enumerate(value) if (item := _item(row, f"/items/{index}", faults))]
    for index, item in enumerate(items):
        if item.code in {earlier.code for earlier in items[:index]}:
            faults.append(Fault(f"/items/{index}/code", f"{item.code} is in the plan twice"))
    return tuple(items)


def _item(row: object, at: str, faults: list[Fault]) -> PlanItem | None:
    if not isinstance(row, Mapping):
        faults.append(Fault(at, "is not a mapping"))
        return None
    before = len(faults)
    faults.extend(Fault(f"{at}/{field}", "is not a field of an item") for field in _unknown(row, _ITEM_FIELDS))
    if not _WORD.fullmatch(str(row.get("code"))):
        faults.append(Fault(f"{at}/code", "is a lower snake case word"))
    names = [_text(row.get(field), f"{at}/{field}", faults, needed=True) for field in ("name_zh", "name_en")]
    numbers = {
        field: _number(row.get(field), f"{at}/{field}", *_WHOLE_NUMBERS[field], faults) for field in _WHOLE_NUMBERS
    }
    months = _months(row.get("at_months"), f"{at}/at_months", faults)
    counts_from = _counts_from(row.get("counts_from", CountsFrom.LAST_SERVICE), f"{at}/counts_from", faults)
    faults.extend(Fault(at, sentence) for sentence in _contradictions(numbers, months, counts_from))
    if len(faults) > before:
        return None
    return PlanItem(
        str(row["code"]), names[0] or "", names[1] or "", at_months=months, counts_from=counts_from, **numbers
    )


def _contradictions(numbers: Mapping[str, int | None], months: tuple[int, ...], counts_from: CountsFrom) -> list[str]:
    recurs = numbers["every_km"] or numbers["every_months"]
    found = []
    if not (recurs or numbers["once_at_km"] or months):
        found.append("needs every_km, every_months, once_at_km or at_months")
    if recurs and numbers["once_at_km"]:
        found.append("happens once_at_km or recurs, not both")
    if numbers["once_at_km"] and len(months) > 1:
        found.append("happens once: at_months names one age beside once_at_km")
    if counts_from is CountsFrom.PURCHASE and numbers["every_km"]:
        found.append("counts_from purchase goes by the calendar, not by every_km")
    return found


def _months(value: object, at: str, faults: list[Fault]) -> tuple[int, ...]:
    if value is None:
        return ()
    months = [month for month in value if _is_whole(month)] if isinstance(value, list) else []
    rising = all(earlier < later for earlier, later in pairwise(months))
    if (
        isinstance(value, list)
        and 0 < len(value) == len(months)
        and rising
        and 0 < months[0] <= months[-1] <= _MOST_MONTHS
    ):
        return tuple(months)
    faults.append(Fault(at, f"is a rising list of ages in months, from 1 to {_MOST_MONTHS}"))
    return ()


def _counts_from(value: object, at: str, faults: list[Fault]) -> CountsFrom:
    if value in set(CountsFrom):
        return CountsFrom(str(value))
    faults.append(Fault(at, f"is {' or '.join(CountsFrom)}"))
    return CountsFrom.LAST_SERVICE


def _number(value: object, at: str, least: int, most: int, faults: list[Fault]) -> int | None:
    if value is None:
        return None
    if isinstance(value, int) and _is_whole(value) and least <= value <= most:
        return value
    faults.append(Fault(at, f"is a whole number from {least} to {most}"))
    return None


def _text(value: object, at: str, faults: list[Fault], *, needed: bool = False) -> str | None:
    if value is None and not needed:
        return None
    if isinstance(value, str) and 0 < len(value.strip()) <= _LONGEST_TEXT:
        return value.strip()
    faults.append(Fault(at, f"is a text of 1 to {_LONGEST_TEXT} characters"))
    return None


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _unknown(content: Mapping[Any, object], known: set[str]) -> list[str]:
    return sorted(str(field)[:64] for field in content if field not in known)
