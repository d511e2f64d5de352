"""What a partner's payload tells of leads, as inquiries; what of it cannot be used is named."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from baoke_chassis.problems import InvalidField, Problem, refusal
from baoke_events.ids import uuid7

from lead_service.api.payloads import document_of
from lead_service.api.refusals import STATUS_OF
from lead_service.domain.capture import Inquiry
from lead_service.domain.contact import Contact
from lead_service.domain.errors import PayloadUnreadable, StoreNotNamed, Unreachable
from lead_service.domain.grade import Grade
from lead_service.domain.intake import IntakeSource, Wanting
from lead_service.domain.interest import DecisionStyle, Interest
from lead_service.domain.mapping import LeadField, Misread, MoneyUnit, Told, parts_of, read, unused
from lead_service.domain.places import pointer, steps_of
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.source import Channel, Source
from lead_service.inquiry_fields import (
    LONGEST_NOTE,
    LONGEST_REFERENCE,
    LONGEST_TERM,
    Fields,
    cents_of,
    email_of,
    moment_of,
    phone_of,
)

T = TypeVar("T")
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
    place = pointer(steps_of(source.mapping.list_root))
    return _problem(PayloadUnreadable(place, "the mapping finds no lead at this place any more"))


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
    lead = _Lead(told, Fields(lambda place, value, why: misread.append(Misread(place, value, why))))
    mapping, zone = source.mapping, ZoneInfo(policy.time_zone)
    return Inquiry(
        id=uuid7(),
        lead_id=uuid7(),
        dealer_id=source.dealer_id,
        contact=lead.contact(policy),
        store_id=lead.fields.store(policy, told.all(LeadField.STORE), source.store_id),
        source=_source(lead, source, policy),
        interest=lead.interest(mapping.budget_unit),
        grade=lead.word(LeadField.GRADE, Grade),
        decision_style=lead.word(LeadField.DECISION_STYLE, DecisionStyle),
        referral_code=lead.short(LeadField.REFERRAL_CODE, LONGEST_REFERENCE),
        note=lead.note(),
        requested_at=lead.first(LeadField.REQUESTED_AT, lambda text: moment_of(text, mapping.time_formats, zone)),
    )


def _source(lead: "_Lead", source: IntakeSource, policy: LeadPolicy) -> Source:
    named = policy.channel_of(lead.told.get(LeadField.CHANNEL))
    return Source(
        channel=source.channel if named is Channel.OTHER else named,
        system=source.system,
        source_id=lead.short(LeadField.SOURCE_ID, LONGEST_REFERENCE),
        campaign=lead.short(LeadField.CAMPAIGN, LONGEST_REFERENCE),
    )


@dataclass(frozen=True, slots=True)
class _Lead:
    """The fields of one lead as they were told."""

    told: Told
    fields: Fields

    def first(self, name: LeadField, read: Callable[[str], T]) -> T | None:
        """What `read` makes of the first place that it can read."""
        return self.fields.first(self.told.all(name), read)

    def short(self, name: LeadField, longest: int) -> str | None:
        """The first text of the field, cut where it is too long."""
        return next((self.fields.cut(place, text, longest) for place, text in self.told.all(name)), None)

    def word(self, name: LeadField, kind: type[Word]) -> Word | None:
        """The first text that is one of these words, in any case."""

        def read_word(text: str) -> Word:
            try:
                return kind(text.lower())
            except ValueError:
                raise ValueError(f"not one of {', '.join(kind)}") from None

        return self.first(name, read_word)

    def contact(self, policy: LeadPolicy) -> Contact:
        return Contact(
            name=self.short(LeadField.NAME, LONGEST_TERM) or "",
            phone=self.first(LeadField.PHONE, phone_of),
            email=self.first(LeadField.EMAIL, email_of),
            wecom_id=self.short(LeadField.WECOM_ID, LONGEST_REFERENCE),
            time_zone=policy.time_zone,
        )

    def interest(self, unit: MoneyUnit) -> Interest:
        return Interest(
            make=self.short(LeadField.MAKE, LONGEST_TERM) or "",
            model=self.short(LeadField.MODEL, LONGEST_TERM) or "",
            trim=self.short(LeadField.TRIM, LONGEST_TERM),
            budget_cents=self.first(LeadField.BUDGET, lambda text: cents_of(text, unit)),
        )

    def note(self) -> str | None:
        """Everything that was told for the note, a line each."""
        said = self.told.all(LeadField.NOTE)
        note = "\n".join(dict.fromkeys(text for _, text in said))
        return self.fields.cut(said[0][0], note, LONGEST_NOTE) if said else None
