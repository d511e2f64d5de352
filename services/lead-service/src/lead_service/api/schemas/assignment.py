"""Bodies and answers of rosters, the pool, and of leads that change hands."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from annotated_types import Len
from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, Field, StringConstraints, model_validator

from lead_service.api.schemas.fields import GradeName, Instant, Reference, Term
from lead_service.domain.advisor import Advisor, Skills, Standing
from lead_service.domain.assignment import AssignmentReason
from lead_service.domain.reassignment import Wanted
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

Terms = Annotated[list[Term], Field(max_length=100)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Leads = Annotated[list[UUID], Len(1, 1000)]


class SkillsBody(Body):
    """What an advisor serves. What is left out, or empty, is everything."""

    makes: Terms = Field(default_factory=list)
    models: Terms = Field(default_factory=list)
    channels: list[Channel] = Field(default_factory=list, max_length=len(Channel))
    languages: list[Language] = Field(default_factory=list, max_length=20)
    """Primary subtags of BCP 47, such as `zh` and `en`."""


class AdvisorIn(Body):
    """An advisor as the roster is to have them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "陈晓",
                    "store_id": "0199d3a0-0000-7000-8000-0000000000a1",
                    "skills": {"makes": ["BYD"], "languages": ["zh", "en"]},
                    "capacity": 80,
                }
            ]
        }
    )

    name: Term
    store_id: UUID
    skills: SkillsBody = Field(default_factory=SkillsBody)
    capacity: Annotated[int, Field(ge=0, le=10_000)] = 60
    """How many open leads they can take."""
    is_active: bool = True
    away_until: Instant | None = None
    """No lead is given to them by the rule before then."""

    def advisor(self, dealer_id: UUID, advisor_id: UUID) -> Advisor:
        """The advisor that this describes."""
        skills = self.skills
        return Advisor(
            dealer_id=dealer_id,
            id=advisor_id,
            store_id=self.store_id,
            name=self.name,
            skills=Skills(
                makes=frozenset(skills.makes),
                models=frozenset(skills.models),
                channels=frozenset(skills.channels),
                languages=frozenset(skills.languages),
            ),
            capacity=self.capacity,
            is_active=self.is_active,
            away_until=self.away_until,
        )


class NewAdvisorIn(AdvisorIn):
    """An advisor who is new on the roster."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "advisor_id": "0199d3a0-0000-7000-8000-0000000000b2",
                    "name": "陈晓",
                    "store_id": "0199d3a0-0000-7000-8000-0000000000a1",
                }
            ]
        }
    )

    advisor_id: UUID
    """Whom their token is for (`sub`)."""


class SkillsOut(Reply):
    """What an advisor serves; an empty list is everything."""

    makes: list[str]
    models: list[str]
    channels: list[Channel]
    languages: list[str]


class AdvisorOut(Reply):
    """An advisor of the roster, and where they stand."""

    advisor_id: UUID
    store_id: UUID
    name: str
    skills: SkillsOut
    capacity: int
    is_active: bool
    away_until: datetime | None
    open_leads: int
    last_assigned_at: datetime | None

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """The answer for one."""
        advisor, skills = standing.advisor, standing.advisor.skills
        return cls(
            advisor_id=advisor.id,
            store_id=advisor.store_id,
            name=advisor.name,
            skills=SkillsOut(
                makes=sorted(skills.makes),
                models=sorted(skills.models),
                channels=sorted(skills.channels),
                languages=sorted(skills.languages),
            ),
            capacity=advisor.capacity,
            is_active=advisor.is_active,
            away_until=advisor.away_until,
            open_leads=standing.open_leads,
            last_assigned_at=standing.last_assigned_at,
        )


class TransferIn(Body):
    """To whom a lead is to go, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"advisor_id": "0199d3a0-0000-7000-8000-0000000000b2", "reason": "客户要求换顾问"}]
        }
    )

    advisor_id: UUID | None
    """Null is the pool."""
    reason: Reference


class AssignmentOut(Reply):
    """One change of hands. Without an advisor the lead went to the pool."""

    assignment_id: UUID
    advisor_id: UUID | None
    from_advisor_id: UUID | None
    reason: AssignmentReason
    note: str | None
    """What a person said about it."""
    assigned_by: str
    """Who did it: a member of staff, or `lead-service` by the dealer's rules."""
    assigned_at: datetime


class ReassignIn(Body):
    """Which open leads are to go to whom. What names no lead, advisor, pool or store would be all, and is refused."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from_advisor_id": "0199d3a0-0000-7000-8000-0000000000b1",
                    "to_advisor_ids": [],
                    "reason": "李强离职",
                }
            ]
        }
    )

    lead_ids: Leads | None = None
    from_advisor_id: UUID | None = None
    from_pool: bool = False
    """Leads that are nobody's."""
    store_id: UUID | None = None
    stages: Annotated[list[Stage], Field(max_length=len(Stage))] = Field(default_factory=list)
    grades: Annotated[list[GradeName], Field(max_length=4)] = Field(default_factory=list)
    to_advisor_ids: Annotated[list[UUID], Field(max_length=100)]
    """They get them in turn, by what each has for what they can take. None named is the pool."""
    reason: Reference

    @model_validator(mode="after")
    def _names_some(self) -> Self:
        if not (self.lead_ids or self.from_advisor_id or self.from_pool or self.store_id):
            raise ValueError("name the leads, the advisor or the pool they come from, or their store")
        if self.from_pool and self.from_advisor_id:
            raise ValueError("a lead of the pool is no advisor's")
        return self

    @property
    def wanted(self) -> Wanted:
        """Which leads are meant."""
        return Wanted(
            lead_ids=tuple(self.lead_ids or ()),
            from_advisor_id=self.from_advisor_id,
            from_pool=self.from_pool,
            store_id=self.store_id,
            stages=tuple(self.stages),
            grades=tuple(self.grades),
        )


class ReassignmentOut(Reply):
    """How far a reassignment has come."""

    reassignment_id: UUID | None
    """Null in a dry run."""
    matched: int
    """How many leads were meant when it was asked for."""
    moved: int
    finished_at: datetime | None
