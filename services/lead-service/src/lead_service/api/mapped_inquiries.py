"""What a partner's payload tells of leads, as inquiries; what of it cannot be used is named."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from baoke_chassis.problems import InvalidField, Problem, refusal
from baoke_events.ids import uuid7

from lead_service.api.payloads import document_of
from lead_service.api.refusals import STATUS_OF
from lead_service.api.schemas.fields import EMAIL
from lead_service.domain.capture import Inquiry
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.errors import PayloadUnreadable, StoreNotNamed, Unreachable
from lead_service.domain.grade import Grade
from lead_service.domain.intake import IntakeSource, Wanting
from lead_service.domain.interest import DecisionStyle, Interest
from lead_service.domain.mapping import LeadField, Misread, Told, instant_of, parts_of, read, unused
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.phones import parse_phone

LONGEST_TERM = 100
LONGEST_REFERENCE = 200
LONGEST_EMAIL = 254
LARGEST_BUDGET_CENTS = 10**15

Word = TypeVar("Word", bound=StrEnum)

_PLACES_OF = {
    Unreachable: (LeadField.PHONE, LeadField.EMAIL, LeadField.WECOM_ID),
    StoreNotNamed: (LeadField.STORE,),
}
"""Where a mapping would have to look for what a refusal misses."""


@dataclass(slots=True)
class Reading:
    """One part of a payload: what it was read as, and what of it was not understood."""

    at: int
    item: Inquiry | Wanting
    misread: list[Misread] = field(default_factory=list)
    unused: Sequence[str] = ()
    """Places that the mapping looks at nowhere."""


def readings_of(
    body: bytes,
    content_type: str | None,
    source: IntakeSource,
    policy: LeadPolicy,
    *,
    only: Collection[int] | None = None,
) -> list[Reading]:
    """What the body's leads are, in its order; `only` those at these places, where given.

    A body that cannot be read at all is one reading, which is wanting.
    """
    try:
        whole, parts = parts_of(document_of(body, content_type), source.mapping)
    except PayloadUnreadable as error:
        return [Reading(0, Wanting(None, _problem(error)))]
    wanted = range(len(parts)) if only is None else sorted(only)
    return [
        _reading(at, whole, parts[at], source, policy) if at < len(parts) else Reading(at, Wanting(at, _gone(source)))
        for at in wanted
    ]


def _reading(at: int, whole: Any, part: Any, source: IntakeSource, policy: LeadPolicy) -> Reading:
    told = read(whole, part, source.mapping)
    misread = list(told.misread)
    try:
        item: Inquiry | Wanting = _inquiry(told, source, policy, misread)
    except (Unreachable, StoreNotNamed) as error:
        item = Wanting(at, _problem(error, _places(error, source), misread))
    return Reading(at, item, misread, unused(part, source.mapping))


def _gone(source: IntakeSource) -> dict[str, Any]:
    return _problem(PayloadUnreadable(source.mapping.list_root, "the mapping finds no lead at this place any more"))


def _places(error: Exception, source: IntakeSource) -> list[str]:
    ways = [way for name in _PLACES_OF[type(error)] for way in source.mapping.fields.get(name, ())]
    return [way.pointer for way in ways if way.at]


def _problem(error: Exception, places: Sequence[str] = (), misread: Sequence[Misread] = ()) -> dict[str, Any]:
    """The refusal, with each place that might have helped and what was wrong there."""
    problem = refusal(error, STATUS_OF[type(error)])
    if isinstance(error, PayloadUnreadable):
        misread = [Misread(error.pointer, "", error.why)]
    wrong = {one.path: one.why for one in misread}
    errors = [InvalidField(pointer=path, message=why) for path, why in wrong.items()]
    errors += [InvalidField(pointer=place, message="nothing usable here") for place in places if place not in wrong]
    said: Problem = problem.model_copy(update={"errors": errors})
    return said.model_dump(exclude_none=True)


def _inquiry(told: Told, source: IntakeSource, policy: LeadPolicy, misread: list[Misread]) -> Inquiry:
    """The inquiry that was told of.

    Raises:
        Unreachable: there is no usable phone number, e-mail address or WeCom id.
        StoreNotNamed: nothing says which store it is for.
    """
    return Inquiry(
        id=uuid7(),
        lead_id=uuid7(),
        dealer_id=source.dealer_id,
        contact=_contact(told, policy, misread),
        store_id=_store(told, source, policy, misread),
        source=_source(told, source, policy),
        interest=_interest(told, source, misread),
        grade=_word(told, LeadField.GRADE, Grade, misread),
        decision_style=_word(told, LeadField.DECISION_STYLE, DecisionStyle, misread),
        referral_code=_short(told, LeadField.REFERRAL_CODE, LONGEST_REFERENCE),
        note=told.get(LeadField.NOTE),
        requested_at=_requested_at(told, source, policy, misread),
    )


def _contact(told: Told, policy: LeadPolicy, misread: list[Misread]) -> Contact:
    return Contact(
        name=_short(told, LeadField.NAME, LONGEST_TERM) or "",
        phone=_phone(told, misread),
        email=_email(told, misread),
        wecom_id=_short(told, LeadField.WECOM_ID, LONGEST_REFERENCE),
        time_zone=policy.time_zone,
    )


def _phone(told: Told, misread: list[Misread]) -> Phone | None:
    if (text := told.get(LeadField.PHONE)) is None:
        return None
    try:
        return parse_phone(text[:64])
    except ValueError as error:
        misread.append(Misread(told.place(LeadField.PHONE), text[:64], str(error)))
        return None


def _email(told: Told, misread: list[Misread]) -> str | None:
    if (text := told.get(LeadField.EMAIL)) is None:
        return None
    if len(text) <= LONGEST_EMAIL and re.match(EMAIL, text):
        return text
    misread.append(Misread(told.place(LeadField.EMAIL), text[:LONGEST_EMAIL], "not an e-mail address"))
    return None


def _store(told: Told, source: IntakeSource, policy: LeadPolicy, misread: list[Misread]) -> Any:
    code = told.get(LeadField.STORE)
    if named := policy.store_of(code):
        return named
    found = source.store_id or policy.default_store_id
    if found is None:
        raise StoreNotNamed(code)
    if code:
        why = "no store has this code; the default store takes the lead"
        misread.append(Misread(told.place(LeadField.STORE), code[:LONGEST_REFERENCE], why))
    return found


def _source(told: Told, source: IntakeSource, policy: LeadPolicy) -> Source:
    named = policy.channel_of(told.get(LeadField.CHANNEL))
    return Source(
        channel=source.channel if named is Channel.OTHER else named,
        system=source.system,
        source_id=_short(told, LeadField.SOURCE_ID, LONGEST_REFERENCE),
        campaign=_short(told, LeadField.CAMPAIGN, LONGEST_REFERENCE),
    )


def _interest(told: Told, source: IntakeSource, misread: list[Misread]) -> Interest:
    return Interest(
        make=_short(told, LeadField.MAKE, LONGEST_TERM) or "",
        model=_short(told, LeadField.MODEL, LONGEST_TERM) or "",
        trim=_short(told, LeadField.TRIM, LONGEST_TERM),
        budget_cents=_budget_cents(told, source, misread),
    )


def _budget_cents(told: Told, source: IntakeSource, misread: list[Misread]) -> int | None:
    if (text := told.get(LeadField.BUDGET)) is None:
        return None
    try:
        cents = round(float(text.replace(",", "")) * source.mapping.budget_unit.cents)
    except (ValueError, OverflowError):
        cents = -1
    if 0 < cents <= LARGEST_BUDGET_CENTS:
        return cents
    misread.append(Misread(told.place(LeadField.BUDGET), text[:LONGEST_TERM], "not an amount of money"))
    return None


def _word(told: Told, name: LeadField, kind: type[Word], misread: list[Misread]) -> Word | None:
    if (text := told.get(name)) is None:
        return None
    try:
        return kind(text.lower())
    except ValueError:
        misread.append(Misread(told.place(name), text[:LONGEST_TERM], f"not one of {', '.join(kind)}"))
        return None


def _requested_at(told: Told, source: IntakeSource, policy: LeadPolicy, misread: list[Misread]) -> datetime | None:
    if (text := told.get(LeadField.REQUESTED_AT)) is None:
        return None
    try:
        return instant_of(text, source.mapping.time_formats, ZoneInfo(policy.time_zone))
    except ValueError as error:
        misread.append(Misread(told.place(LeadField.REQUESTED_AT), text[:LONGEST_TERM], str(error)))
        return None


def _short(told: Told, name: LeadField, longest: int) -> str | None:
    text = told.get(name)
    return text[:longest] if text else None
