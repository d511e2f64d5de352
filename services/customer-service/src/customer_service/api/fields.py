"""Values that cross the wire in more than one shape: phones, VINs, plates, e-mail addresses."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from baoke_chassis.patterns import BLANK
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from customer_service.domain.plates import checked_plate
from customer_service.domain.vin import checked_vin

HOME = "CN"
"""Where a number without a country code is from."""


def e164(text: str) -> str:
    """Return the phone number in `text` as E.164.

    Raises:
        ValueError: it is none.
    """
    try:
        number = phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException as error:
        raise ValueError("This is not a phone number.") from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError("No such phone number can exist.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_phone(phone: str | None) -> str | None:
    """Return a number of which the middle cannot be read."""
    return phone and f"{phone[:-8]}****{phone[-4:]}"


def masked_email(email: str | None) -> str | None:
    """Return an address of which only the first sign and the domain can be read."""
    return email and f"{email[0]}***@{email.rpartition('@')[2]}"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("This is not a time zone of the IANA database, such as Asia/Shanghai.") from error
    return name


NO_NUL = r"^[^\x00]*$"
"""PostgreSQL stores no NUL."""

Phone = Annotated[str, StringConstraints(max_length=40), AfterValidator(e164)]
Email = Annotated[str, StringConstraints(max_length=254, pattern=rf"^[^@{BLANK}]+@[^@{BLANK}]+\.[^@.{BLANK}]+$")]
Vin = Annotated[str, StringConstraints(max_length=40), AfterValidator(checked_vin)]
Plate = Annotated[str, StringConstraints(max_length=20), AfterValidator(checked_plate)]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Term = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=NO_NUL)]
Note = Annotated[str, StringConstraints(max_length=2000, pattern=NO_NUL)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
Instant = Annotated[AwareDatetime, Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2101, 1, 1, tzinfo=UTC))]
