"""Fields of a lead as senders write them, in whatever document they come."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TypeVar
from uuid import UUID

from baoke_chassis.patterns import BLANK

from lead_service.domain.contact import Phone
from lead_service.domain.errors import StoreNotNamed
from lead_service.domain.mapping import MoneyUnit, instant_of
from lead_service.domain.policy import LeadPolicy
from lead_service.phones import HOME, parse_phone
from lead_service.tabular import plain, read_cents, read_moment, read_phones

T = TypeVar("T")

LONGEST_TERM = 100
LONGEST_REFERENCE = 200
LONGEST_EMAIL = 254
LONGEST_NOTE = 2000
LONGEST_PHONE = 64
LARGEST_BUDGET_CENTS = 10**15
LONGEST_SHOWN = 100
"""Characters of a text that are shown where it was not used."""

_PRINTED = f"[^@:<>{BLANK}]"

EMAIL = re.compile(rf"{_PRINTED}+@{_PRINTED}+\.{_PRINTED}+")
"""What looks like an address, and neither like a link nor like one with a name around it."""

_EMAIL_WITHIN = re.compile(r"mailto:(.+)|[^<>]*<([^<>]+)>", re.IGNORECASE)
_CENTS = re.compile(r"\d{1,15}")

Said = tuple[str, str]
"""A place in a document, and the text that stands there."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Reads fields of one lead. What of them is not used goes to `drop`: its place, what it said, and why."""

    drop: Callable[[str, str, str], None]

    def first(self, said: Iterable[Said], read: Callable[[str], T], *, others: str | None = None) -> T | None:
        """What `read` makes of the first text that it does not refuse; texts behind it are dropped for `others`."""
        found: T | None = None
        for place, text in said:
            if found is not None and others is None:
                break
            try:
                usable = read(text)
            except ValueError as error:
                self.drop(place, text[:LONGEST_SHOWN], str(error))
                continue
            if found is not None:
                self.drop(place, text[:LONGEST_SHOWN], others or "")
            found = usable if found is None else found
        return found

    def cut(self, place: str, text: str, longest: int) -> str:
        """The text, of no more than `longest` characters; what is too long for that is said."""
        if len(text) > longest:
            self.drop(place, text[:LONGEST_SHOWN], f"it has {len(text):,} characters; the first {longest:,} are kept")
        return text[:longest]

    def store(self, policy: LeadPolicy, named: Sequence[Said], default: UUID | None) -> UUID:
        """The store that the first known name means, else `default`, else the policy's.

        Raises:
            StoreNotNamed: there is none.
        """
        if known := policy.store_of(*(text for _, text in named)):
            return known
        found = default or policy.default_store_id
        if found is None:
            raise StoreNotNamed(named[0][1] if named else None)
        for place, text in named:
            self.drop(place, text[:LONGEST_SHOWN], "no store has this code; the default store takes the lead")
        return found


def phone_of(text: str, region: str = HOME) -> Phone:
    """The number, however it was written or Excel has mangled it, the first of several; a national one is `region`'s.

    Raises:
        ValueError: it is none that anybody can have, or digits are lost or hidden.
    """
    written = text[:LONGEST_PHONE]
    return parse_phone(written if written.isdecimal() else read_phones(written).numbers[0], region)


def email_of(text: str) -> str:
    """The address, in half-width; that of `mailto:ann@a.example` or of `Ann <ann@a.example>` as well.

    Raises:
        ValueError: it does not look like one.
    """
    address = plain(text)
    if match := _EMAIL_WITHIN.fullmatch(address):
        address = (match[1] or match[2]).strip()
    if len(address) > LONGEST_EMAIL or not EMAIL.fullmatch(address):
        raise ValueError("not an e-mail address")
    return address


def cents_of(text: str, unit: MoneyUnit) -> int:
    """The amount in fen. A number without a unit of its own counts in `unit`; of a range the upper end counts.

    Raises:
        ValueError: it is no amount, or not certainly one.
    """
    if unit is MoneyUnit.FEN and _CENTS.fullmatch(text):
        cents = int(text)
    else:
        cents = read_cents(text, factor=max(unit.cents // 100, 1))
    if not 0 < cents <= LARGEST_BUDGET_CENTS:
        raise ValueError("not an amount of money")
    return cents


def moment_of(text: str, formats: Sequence[str], zone: tzinfo) -> datetime:
    """The instant in the first of the formats that fits, else as people write dates; in `zone` where none is said.

    Raises:
        ValueError: it is none, or one that two people read differently.
    """
    try:
        return instant_of(text, formats, zone)
    except ValueError:
        return read_moment(text, zone)
