"""How the worklist is shown."""

from datetime import datetime
from typing import Self
from uuid import UUID

from baoke_chassis.bodies import Reply

from lead_service.api.schemas.leads import LeadOut
from lead_service.domain.lead import Lead
from lead_service.domain.next_work import NextWork
from lead_service.domain.script import Choice, Content, Occasion, fill


class ContentOut(Reply):
    """The next best content: what to say, in the person's language, and why this."""

    script_id: UUID
    version: int
    title: str
    content: Content
    text: str
    because: list[str]
    """The tags of the script that are so of this lead, such as `stage=visited`; `report_due` for a weekly report."""

    @classmethod
    def of(cls, choice: Choice, lead: Lead) -> Self:
        """The script as it would be said to this lead's person."""
        script, contact = choice.script, lead.contact
        text = script.texts.in_(contact.locale)
        return cls(
            script_id=script.id,
            version=script.version,
            title=script.title,
            content=script.content,
            text=fill(text, name=contact.name, interest=lead.interest, locale=contact.locale),
            because=list(choice.because),
        )


class WorkOut(Reply):
    """A lead that something is owed to today, or was before."""

    lead: LeadOut
    occasion: Occasion
    due_at: datetime
    respond_by: datetime | None
    """When the first answer is, or was, due."""
    level: int
    """How far up it was reported that this is late; 0 is nowhere."""
    score: float
    """Value × urgency, of which the list is in order: the product of `factors`."""
    factors: dict[str, float]
    next_best: ContentOut | None

    @classmethod
    def of(cls, work: NextWork, *, sees_phones: bool) -> Self:
        """The entry as this reader may see it."""
        return cls(
            lead=LeadOut.of(work.lead, sees_phones=sees_phones),
            occasion=work.occasion,
            due_at=work.due_at,
            level=work.lead.level,
            respond_by=work.lead.respond_by,
            score=work.score,
            factors=dict(work.factors),
            next_best=ContentOut.of(work.choice, work.lead) if work.choice else None,
        )
