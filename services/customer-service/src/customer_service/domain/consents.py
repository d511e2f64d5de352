"""What a person agreed to be told, and where (PIPL art. 14 to 16, GDPR art. 7)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What a message is for."""

    SERVICE = "service"
    MARKETING = "marketing"


class Channel(StrEnum):
    """The way a message takes."""

    SMS = "sms"
    EMAIL = "email"
    PUSH = "push"
    WECOM = "wecom"


@dataclass(frozen=True, slots=True)
class Grant:
    """A purpose on a channel."""

    purpose: Purpose
    channel: Channel


@dataclass(frozen=True, slots=True)
class Wording:
    """What an intake channel's registered text says, and what it lets us do."""

    wording_version: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A person's word about one purpose on one channel."""

    purpose: str
    channel: str
    granted: bool
    wording_version: str | None
    source: str
    """How it came to us: staff, lead, wording:<intake channel>, one_click, sms_reply, ..."""
    stated_at: datetime


State = Mapping[tuple[str, str], Statement]
"""The statement that holds of each (purpose, channel)."""


def granted_by_wording(wordings: Mapping[str, Wording], intake_channel: str, *, at: datetime) -> list[Statement]:
    """Return what a contact agreed to by coming through a channel; nothing if no wording is registered for it."""
    wording = wordings.get(intake_channel)
    if wording is None:
        return []
    return [
        Statement(grant.purpose, grant.channel, True, wording.wording_version, f"wording:{intake_channel}", at)
        for grant in wording.grants
    ]


def news(state: State, statements: Iterable[Statement]) -> list[Statement]:
    """Return the statements that change what holds or the wording it rests on.

    A statement older than the one that holds changes nothing, nor does a second grant of the same instant.
    """
    held, changes = dict(state), []
    for statement in statements:
        before = held.get((statement.purpose, statement.channel))
        if before is None or _supersedes(statement, before):
            held[statement.purpose, statement.channel] = statement
            changes.append(statement)
    return changes


def inherited(state: State, statements: Iterable[Statement]) -> list[Statement]:
    """Return what a known customer takes over from a lead: grants only where nothing was said, refusals by time.

    A lead's intake wording never overrules what the person told us as a customer.
    """
    return [s for s in news(state, statements) if not s.granted or (s.purpose, s.channel) not in state]


def _supersedes(statement: Statement, before: Statement) -> bool:
    if (statement.granted, statement.wording_version) == (before.granted, before.wording_version):
        return False
    if statement.stated_at == before.stated_at:
        return not statement.granted
    return statement.stated_at > before.stated_at
