"""The script library (话术库): what an advisor may say next, and which of it fits a lead best."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle, Interest
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

MOST_SCRIPTS = 500
"""A dealer's library holds no more: it is read whole."""

PLACEHOLDERS = frozenset({"name", "car"})
"""What a text may leave open, in braces: the person's name, and the car they ask for."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Content(StrEnum):
    """What kind of thing is said."""

    GREETING = "greeting"
    NEEDS = "needs"
    COMPARISON_REPORT = "comparison_report"
    STOCK = "stock"
    LIMITED_OFFER = "limited_offer"
    TEST_DRIVE_INVITATION = "test_drive_invitation"
    QUOTE = "quote"
    OBJECTION = "objection"
    APOLOGY = "apology"
    CARE = "care"


class Occasion(StrEnum):
    """Why it is time to be in touch: nobody has answered yet, a contact falls due today, or one is late."""

    UNANSWERED = "unanswered"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Tags:
    """The leads that a script is for. An empty list is all; `reasons` are those the person was once lost for."""

    occasions: tuple[Occasion, ...] = ()
    stages: tuple[Stage, ...] = ()
    grades: tuple[Grade, ...] = ()
    decision_styles: tuple[DecisionStyle, ...] = ()
    channels: tuple[Channel, ...] = ()
    reasons: tuple[DefeatReason, ...] = ()


_KINDS = tuple((kind.name, kind.name.removesuffix("s")) for kind in fields(Tags))
"""The lists of tags, and what of a situation each is about."""


@dataclass(frozen=True, slots=True)
class Texts:
    """One thing in the languages that people are spoken to in."""

    zh_cn: str
    en: str

    def in_(self, locale: str) -> str:
        """The text for a locale (BCP 47): Chinese for any Chinese one, English for the rest."""
        return self.zh_cn if locale.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Script:
    """One thing to say, to whom, and how readily (`weight`, 0-100). Version 0 is as it ships with the product."""

    id: UUID
    version: int
    title: str
    content: Content
    tags: Tags
    texts: Texts
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """What of a lead decides on what to say to its person."""

    occasion: Occasion
    stage: Stage
    grade: Grade
    decision_style: DecisionStyle | None
    channel: Channel
    reason: DefeatReason | None = None
    last_report_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The script that fits best, and why: its tags that are so, and whether a comparison report is due."""

    script: Script
    because: tuple[str, ...] = field(default=())


def choose(scripts: Iterable[Script], situation: Situation, *, report_every: timedelta, at: datetime) -> Choice | None:
    """The best of the scripts that are for such a lead, if there is one.

    Whom nobody has answered yet is greeted first. A cautious person (决策谨慎型) is sent a comparison report when the
    last is `report_every` ago, before anything else; nobody is sent one sooner. Then the script that more of its tags
    single out is better, then the weightier one.
    """
    due = situation.last_report_at is None or situation.last_report_at + report_every <= at
    first = due and situation.decision_style is DecisionStyle.CAUTIOUS
    fitting = [
        Choice(script, _because(script, situation, report_due=first))
        for script in scripts
        if (due or script.content is not Content.COMPARISON_REPORT) and fits(script.tags, situation)
    ]
    return max(fitting, key=lambda choice: _rank(choice, situation, report_first=first), default=None)


def fits(tags: Tags, situation: Situation) -> bool:
    """Whether each list of the tags is empty or names what is so."""
    return (
        (not tags.occasions or situation.occasion in tags.occasions)
        and (not tags.stages or situation.stage in tags.stages)
        and (not tags.grades or situation.grade in tags.grades)
        and (not tags.decision_styles or situation.decision_style in tags.decision_styles)
        and (not tags.channels or situation.channel in tags.channels)
        and (not tags.reasons or situation.reason in tags.reasons)
    )


def fill(text: str, *, name: str, interest: Interest, locale: str) -> str:
    """The text as the person reads it."""
    named = " ".join(part for part in (interest.make, interest.model, interest.trim) if part)
    known = {"name": name, "car": named or Texts("您关注的车型", "the car you like").in_(locale)}
    return _PLACEHOLDER.sub(lambda open_: known.get(open_[1], open_[0]), text)


def require_placeholders(text: str) -> str:
    """Let a text pass whose open places can be filled.

    Raises:
        ValueError: it names another place, or a brace stands alone.
    """
    if unknown := sorted(set(_PLACEHOLDER.findall(text)) - PLACEHOLDERS):
        raise ValueError(f"{{{unknown[0]}}} is no placeholder; there are {{name}} and {{car}}")
    if set("{}") & set(_PLACEHOLDER.sub("", text)):
        raise ValueError("a brace stands alone; braces are for {name} and {car}")
    return text


def _because(script: Script, situation: Situation, *, report_due: bool) -> tuple[str, ...]:
    matched = [f"{what}={getattr(situation, what)}" for kind, what in _KINDS if getattr(script.tags, kind)]
    report = ["report_due"] if report_due and script.content is Content.COMPARISON_REPORT else []
    return (*report, *matched)


def _rank(choice: Choice, situation: Situation, *, report_first: bool) -> tuple[bool, bool, int, int, UUID]:
    script = choice.script
    greets = situation.occasion is Occasion.UNANSWERED and Occasion.UNANSWERED in script.tags.occasions
    is_report = report_first and script.content is Content.COMPARISON_REPORT
    return greets, is_report, len(choice.because), script.weight, script.id
