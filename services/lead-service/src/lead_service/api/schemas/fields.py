"""Kinds of fields that several bodies share."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)

from lead_service.domain import vin
from lead_service.domain.contact import Phone
from lead_service.domain.grade import Grade
from lead_service.inquiry_fields import EMAIL, LONGEST_EMAIL, LONGEST_NOTE, LONGEST_REFERENCE, LONGEST_TERM, phone_of

_NO_NUL = r"^[^\x00]*$"

Term = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TERM, pattern=_NO_NUL)]
"""A name or a term."""

Reference = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REFERENCE, pattern=_NO_NUL)]
"""Somebody else's name for something."""

Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE, pattern=_NO_NUL)]
"""Free text of a person."""

Email = Annotated[str, StringConstraints(max_length=LONGEST_EMAIL, pattern=f"^{EMAIL.pattern}$")]
"""An address that looks like one; whether it works is seen when it is used."""

Cents = Annotated[int, Field(ge=0, le=10**15)]
"""Money in fen."""


Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
"""A language tag (BCP 47), such as zh-CN or en."""


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("not a time zone of the IANA database") from error
    return name


TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_time_zone)]
"""A name of the IANA time zone database, such as Asia/Shanghai."""


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("outside the calendar") from error


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment with its zone, kept in UTC."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2200, 1, 1)

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day to look back or ahead to, so far from the ends of the calendar that it has hours in every zone."""


def _planned(instant: datetime) -> datetime:
    if not FIRST_DAY <= instant.date() <= LAST_DAY:
        raise ValueError(f"a moment from {FIRST_DAY} to {LAST_DAY}")
    return instant


Planned = Annotated[Instant, AfterValidator(_planned)]
"""When something is to begin, on such a day."""


def _phone(value: Any) -> Phone:
    if not isinstance(value, str) or len(value) > 64:  # noqa: PLR2004 (no number with its extension is that long)
        raise ValueError("a phone number is a string")
    return phone_of(value)


PhoneNumber = Annotated[Phone, PlainValidator(_phone), WithJsonSchema({"type": "string", "maxLength": 64})]
"""A phone number; without a country code it is Chinese."""

Vin = Annotated[str, StringConstraints(max_length=40), AfterValidator(vin.parse)]
"""A vehicle identification number; its check digit must be right where one is required."""

GradeName = Annotated[Grade, BeforeValidator(lambda value: value.lower() if isinstance(value, str) else value)]
"""A grade in either case."""
