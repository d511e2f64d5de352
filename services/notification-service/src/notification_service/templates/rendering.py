"""Filling a template for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import jinja2

from notification_service.domain.errors import UnfitTemplateData
from notification_service.domain.local_time import DEFAULT_ZONE, zone_of
from notification_service.domain.messages import Channel
from notification_service.domain.parties import Contact
from notification_service.templates.catalogue import LOCALES, Template, locale_of

_WRONG_DATA = (jinja2.TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What filling a template raises when a field is missing or of another type than the words need."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose name the words carry, and in whose language and time zone they are written."""

    name: str
    locale: str
    zone: ZoneInfo

    @classmethod
    def of(cls, contact: Contact) -> "Reader":
        """The party with this contact as a reader."""
        return cls(contact.name, locale_of(contact.locale), contact.zone)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words alone, without signature and unsubscribe hint."""

    subject: str | None
    text: str


def render(template: Template, channel: Channel, data: Mapping[str, object], reader: Reader) -> Rendered:
    """The template's words for this channel and reader.

    Raises:
        UnfitTemplateData: the data lacks a field, or one is of a type the words cannot use.
    """
    body = template.bodies[reader.locale, channel]
    context = {**data, "name": reader.name, "locale": reader.locale, "zone": reader.zone}
    try:
        subject = body.subject.render(context).strip() if body.subject else None
        return Rendered(subject, body.text.render(context).strip())
    except _WRONG_DATA as error:
        raise UnfitTemplateData(template.name, str(error)) from error


def check_data(template: Template, channels: tuple[Channel, ...], data: Mapping[str, object]) -> None:
    """Returns where the data fills the template in every language on these channels.

    Raises:
        UnfitTemplateData: it does not.
    """
    for locale in LOCALES:
        somebody = Reader("—", locale, zone_of(DEFAULT_ZONE))
        for channel in channels:
            render(template, channel, data, somebody)
