"""Bodies and answers of the script library."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from lead_service.api.schemas.fields import GradeName, Term
from lead_service.commands.write_script import Wording
from lead_service.db.scripts import ScriptVersion
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle
from lead_service.domain.script import Content, Occasion, Script, Tags, Texts, require_placeholders
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

MOST_TAGS = 20

Words = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$"), AfterValidator(require_placeholders)
]
"""A text with `{name}` and `{car}` left open."""


class TagsIn(Body):
    """The leads that a script is for; an empty list is all."""

    occasions: list[Occasion] = Field(default=[], max_length=MOST_TAGS)
    """Why it is time: `unanswered`, `due` or `overdue`."""
    stages: list[Stage] = Field(default=[], max_length=MOST_TAGS)
    grades: list[GradeName] = Field(default=[], max_length=MOST_TAGS)
    decision_styles: list[DecisionStyle] = Field(default=[], max_length=MOST_TAGS)
    channels: list[Channel] = Field(default=[], max_length=MOST_TAGS)
    reasons: list[DefeatReason] = Field(default=[], max_length=MOST_TAGS)
    """Why the person was lost before."""


class TextsIn(Body):
    """What is said, in the languages that people are spoken to in."""

    zh_cn: Words
    en: Words


class ScriptIn(Body):
    """A script as it is to be."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "周末试驾邀约",
                    "content": "test_drive_invitation",
                    "tags": {"stages": ["contacted"], "grades": ["h", "a"], "decision_styles": ["decisive"]},
                    "texts": {
                        "zh_cn": "{name}您好，{car}这个周末可以深度试驾，周六上午给您留一个位置？",
                        "en": "Hello {name}, {car} can be tried this weekend. Shall I keep Saturday morning for you?",
                    },
                    "weight": 20,
                }
            ]
        }
    )

    title: Term
    content: Content
    tags: TagsIn = TagsIn()
    texts: TextsIn
    weight: int = Field(default=0, ge=0, le=100)
    """Of two scripts that fit equally well, the weightier is offered."""

    def wording(self) -> Wording:
        """The same, as the library keeps it: each tag once."""
        tags = {name: tuple(dict.fromkeys(values)) for name, values in self.tags.model_dump().items()}
        return Wording(self.title, self.content, Tags(**tags), Texts(self.texts.zh_cn, self.texts.en), self.weight)


class TagsOut(Reply):
    """The leads that a script is for; an empty list is all."""

    occasions: list[Occasion]
    stages: list[Stage]
    grades: list[Grade]
    decision_styles: list[DecisionStyle]
    channels: list[Channel]
    reasons: list[DefeatReason]


class TextsOut(Reply):
    """What is said, in the languages that people are spoken to in."""

    zh_cn: str
    en: str


class ScriptOut(Reply):
    """A script as it is now."""

    script_id: UUID
    version: int
    """0 is as it ships with the product; each version that the dealer writes counts one more."""
    title: str
    content: Content
    tags: TagsOut
    texts: TextsOut
    weight: int

    @classmethod
    def of(cls, script: Script) -> Self:
        """The answer for one script."""
        return cls(
            script_id=script.id,
            version=script.version,
            title=script.title,
            content=script.content,
            tags=TagsOut.model_validate(script.tags),
            texts=TextsOut.model_validate(script.texts),
            weight=script.weight,
        )


class ScriptVersionOut(ScriptOut):
    """A script as the dealer wrote it at some time."""

    is_retired: bool
    """Whether it was retired then."""
    written_by: str
    written_at: datetime

    @classmethod
    def of_version(cls, version: ScriptVersion) -> Self:
        """The answer for one version."""
        return cls(
            **dict(ScriptOut.of(version.script)),
            is_retired=version.is_retired,
            written_by=version.written_by,
            written_at=version.written_at,
        )
