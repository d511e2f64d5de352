"""What a person agreed to be told, and where. The last explicit word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a message is for."""

    SERVICE = "service"
    MARKETING = "marketing"


class MessageChannel(StrEnum):
    """Where a message goes."""

    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"
    WECOM = "wecom"


@dataclass(frozen=True, slots=True)
class Consent:
    """One purpose on one channel, granted or refused, under which wording and since when."""

    purpose: Purpose
    channel: MessageChannel
    granted: bool
    wording_version: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """A purpose on a channel that a wording asks for."""

    purpose: Purpose
    channel: MessageChannel


@dataclass(frozen=True, slots=True)
class Wording:
    """A registered text that people of one intake channel agree to, and what it grants."""

    wording_version: str
    grants: tuple[Grant, ...] = ()


def granted_by(wording: Wording | None, *, at: datetime) -> tuple[Consent, ...]:
    """What a person has agreed to by coming through a channel with this wording; nothing without one."""
    if wording is None:
        return ()
    return tuple(Consent(g.purpose, g.channel, True, wording.wording_version, at) for g in wording.grants)


def told(known: Iterable[Consent], said: Iterable[Consent]) -> tuple[Consent, ...]:
    """The consents after the person spoke: what is `said` replaces what was `known` of the same thing.

    A word that repeats what holds already keeps the older evidence.
    """
    consents = {_subject(c): c for c in known}
    for consent in said:
        held = consents.get(_subject(consent))
        if held is None or held.granted != consent.granted:
            consents[_subject(consent)] = consent
    return _sorted(consents.values())


def implied(known: Iterable[Consent], wording: Iterable[Consent]) -> tuple[Consent, ...]:
    """The consents after a wording spoke for the person: it fills gaps and never undoes a withdrawal."""
    return _sorted(({_subject(c): c for c in wording} | {_subject(c): c for c in known}).values())


def _subject(consent: Consent) -> tuple[Purpose, MessageChannel]:
    return consent.purpose, consent.channel


def _sorted(consents: Iterable[Consent]) -> tuple[Consent, ...]:
    return tuple(sorted(consents, key=_subject))
