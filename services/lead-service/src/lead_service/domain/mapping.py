"""Field mappings: how a partner's payload says what a lead is. Data of each source, versioned."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Any

from lead_service.domain.errors import PayloadUnreadable
from lead_service.domain.places import find, leaves, pointer, replaced, steps_of

MOST_LEADS = 1000
"""Leads of one payload."""

MOST_ALTERNATIVES = 20
LONGEST_VALUE = 2000
_ROOT = "$"
_UNIX_TIME = re.compile(r"(\d{10}|\d{13})(?:\.\d+)?")
"""Seconds or milliseconds of this century; a number of as many digits is no date."""
_SECONDS_DIGITS = 10
_THIS_CENTURY = range(2000, 2100)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""NUL, and halves of surrogate pairs, which JSON can escape and UTF-8 cannot say."""


class LeadField(StrEnum):
    """What a lead can be told of."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    WECOM_ID = "wecom_id"
    MAKE = "make"
    MODEL = "model"
    TRIM = "trim"
    BUDGET = "budget"
    STORE = "store"
    SOURCE_ID = "source_id"
    CAMPAIGN = "campaign"
    CHANNEL = "channel"
    NOTE = "note"
    GRADE = "grade"
    DECISION_STYLE = "decision_style"
    REFERRAL_CODE = "referral_code"
    REQUESTED_AT = "requested_at"


class MoneyUnit(StrEnum):
    """What a number of a budget counts."""

    FEN = "fen"
    YUAN = "yuan"
    WAN = "wan"
    """万元, ten thousand yuan."""

    @property
    def cents(self) -> int:
        """Fen in one of it."""
        return {MoneyUnit.FEN: 1, MoneyUnit.YUAN: 100, MoneyUnit.WAN: 1_000_000}[self]


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to know a field: what is `at` a place, translated by `table` where there is one, or a `constant`.

    A place that begins with `$` is looked for in the whole payload, any other in the lead's own part of
    it. A value that the table does not have counts as `otherwise`, or as not told. `label` stands before it.

    Raises:
        ValueError: it names both a place and a constant, or neither; or a place is none.
    """

    at: str | None = None
    constant: str | None = None
    table: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    label: str | None = None

    def __post_init__(self) -> None:
        if (self.at is None) == (self.constant is None):
            raise ValueError("an alternative names a place (at) or a constant")
        if self.at is not None:
            steps_of(self.at.removeprefix(_ROOT).removeprefix("."))

    @property
    def steps(self) -> tuple[str, ...]:
        """The way to its place."""
        return steps_of((self.at or "").removeprefix(_ROOT).removeprefix("."))

    @property
    def pointer(self) -> str:
        """Its place as a JSON pointer; empty for a constant."""
        return pointer(self.steps)


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """How to read the leads of a partner's payload.

    `fields` names for each field the places to look at, of which the first that can be read counts; of a note all do.
    `list_root` is the list of the leads, where there are several; the payload is one lead without it.
    `embedded_json` are places whose text is JSON itself. `time_formats` are tried in order: `iso8601`,
    `unix_s`, `unix_ms`, or one of strptime's (`instant_of`). `sent_time` is where the sender says when it sent,
    which is then held against the clock.

    Raises:
        ValueError: no field could reach a person, a place is none, or there are too many alternatives.
    """

    fields: Mapping[LeadField, tuple[Alternative, ...]]
    list_root: str = ""
    embedded_json: tuple[str, ...] = ()
    time_formats: tuple[str, ...] = ("iso8601",)
    budget_unit: MoneyUnit = MoneyUnit.YUAN
    sent_time: str | None = None

    def __post_init__(self) -> None:
        for place in (self.list_root, *self.embedded_json, *([self.sent_time] if self.sent_time else [])):
            steps_of(place)
        if not {LeadField.PHONE, LeadField.EMAIL, LeadField.WECOM_ID} & {f for f, ways in self.fields.items() if ways}:
            raise ValueError("fields: a phone, an email or a wecom_id must be mapped, or nobody could be reached")
        if any(len(ways) > MOST_ALTERNATIVES for ways in self.fields.values()):
            raise ValueError(f"fields: a field has at most {MOST_ALTERNATIVES} alternatives")
        if not self.time_formats:
            raise ValueError("time_formats: at least one is needed")


@dataclass(frozen=True, slots=True)
class Misread:
    """A part of a payload that could not be used, and why."""

    path: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a payload tells of one lead: each field's texts in the mapping's order, and what could not be used.

    A text stands with its place, a JSON pointer, which is empty for a constant.
    """

    said: Mapping[LeadField, Sequence[tuple[str, str]]]
    misread: tuple[Misread, ...] = ()

    def all(self, name: LeadField) -> Sequence[tuple[str, str]]:
        """The field's texts, each behind its place."""
        return self.said.get(name, ())

    def get(self, name: LeadField) -> str | None:
        """The first text of the field; None where it is not told."""
        return next((text for _, text in self.all(name)), None)


def parts_of(payload: Any, mapping: FieldMapping) -> tuple[Any, list[Any]]:
    """The payload with its embedded JSON read, and the part of it that each lead is.

    Raises:
        PayloadUnreadable: there is no list of leads where the mapping says, or it is too long.
    """
    whole = payload
    for place in mapping.embedded_json:
        whole = replaced(whole, steps_of(place), _unfolded(find(whole, steps_of(place))))
    if not mapping.list_root:
        return whole, [whole]
    parts = find(whole, steps_of(mapping.list_root))
    if isinstance(parts, Mapping):
        parts = [parts]
    if not isinstance(parts, list) or not parts:
        raise PayloadUnreadable(pointer(steps_of(mapping.list_root)), "there are no leads here")
    if len(parts) > MOST_LEADS:
        raise PayloadUnreadable(pointer(steps_of(mapping.list_root)), f"there are more than {MOST_LEADS} leads here")
    return whole, parts


def read(whole: Any, part: Any, mapping: FieldMapping) -> Told:
    """What the payload tells of the lead of one part."""
    said: dict[LeadField, list[tuple[str, str]]] = {}
    misread: list[Misread] = []
    for name, ways in mapping.fields.items():
        for way in ways:
            wrong: list[Misread] = []
            text = _value(whole, part, way, wrong)
            misread += wrong if name not in said else []
            if text is not None:
                said.setdefault(name, []).append((way.pointer, text))
    return Told(said, tuple(misread))


def unused(part: Any, mapping: FieldMapping, *, most: int = 100) -> list[str]:
    """The places of a lead's part that the mapping looks at nowhere, up to `most`."""
    looked_at = {way.steps for ways in mapping.fields.values() for way in ways if way.at}
    dotted = {".".join(steps) for steps in looked_at}
    return [pointer(steps) for steps in leaves(part) if ".".join(map(str, steps)) not in dotted][:most]


def instant_of(text: str, formats: Sequence[str], zone: tzinfo) -> datetime:
    """The instant of this century that the text names in the first format that fits; without a zone it is in `zone`.

    A number of 10 or 13 digits is Unix time, unless one of strptime's formats fits it.

    Raises:
        ValueError: no format fits.
    """
    unix = _UNIX_TIME.fullmatch(text)
    counted = ("unix_s" if len(unix[1]) == _SECONDS_DIGITS else "unix_ms",) if unix else ()
    for way in (*(way for way in formats if "%" in way), *counted, *formats):
        try:
            at = _instant(text, way)
            at = (at if at.utcoffset() is not None else at.replace(tzinfo=zone)).astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            continue
        if at.year in _THIS_CENTURY:
            return at
    raise ValueError(f"not a time in any of {', '.join(formats)}")


def _instant(text: str, way: str) -> datetime:
    if way == "iso8601":
        return datetime.fromisoformat(text)
    if way in ("unix_s", "unix_ms"):
        return datetime.fromtimestamp(float(text) / (1 if way == "unix_s" else 1000), UTC)
    return datetime.strptime(text, way)  # noqa: DTZ007 (the zone is given by the caller where the text has none)


def _value(whole: Any, part: Any, way: Alternative, misread: list[Misread]) -> str | None:
    if way.at is None:
        return way.constant or None
    found = find(whole if way.at.startswith(_ROOT) else part, way.steps)
    text = _text(found)
    if text is None and found not in (None, "", [], {}):
        misread.append(Misread(way.pointer, "[…]" if isinstance(found, list) else "{…}", "not a single value"))
    if not text:
        return None
    if way.table:
        if text not in way.table and way.otherwise is None:
            misread.append(Misread(way.pointer, text[:200], "not in the mapping's table"))
        text = way.table.get(text, way.otherwise)
    elif len(text) > LONGEST_VALUE:
        why = f"it has {len(text):,} characters; the first {LONGEST_VALUE:,} are kept"
        misread.append(Misread(way.pointer, text[:200], why))
        text = text[:LONGEST_VALUE]
    return f"{way.label}{text}" if text and way.label else text


def _text(value: Any) -> str | None:
    """A single value as a text; None for what holds several, or nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return _UNSTORABLE.sub("", str(value)).strip()
    if isinstance(value, list) and len(value) == 1:
        return _text(value[0])
    return None


def _unfolded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value
