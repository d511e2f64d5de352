"""How leads are followed up, and what to say."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class FollowUpRow(Base):
    """A contact that the dealer made, or tried to."""

    __tablename__ = "follow_up"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    channel: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str | None]
    advisor_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    next_contact_at: Mapped[datetime]
    store_id: Mapped[UUID]
    lead_channel: Mapped[str]
    script_id: Mapped[UUID | None]
    content: Mapped[str | None]

    __table_args__ = (
        Index("ix_follow_up_lead", "dealer_id", "lead_id", "id"),
        Index(
            "ix_follow_up_due",
            "dealer_id",
            "due_at",
            postgresql_include=["lead_id", "made_at", "store_id", "advisor_id", "lead_channel"],
        ),
    )


class MissedContactRow(Base):
    """A contact that fell due and was not made by then, and whose it was."""

    __tablename__ = "missed_contact"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    advisor_id: Mapped[UUID | None]
    lead_channel: Mapped[str]

    __table_args__ = (
        Index(
            "ix_missed_contact_due",
            "dealer_id",
            "due_at",
            postgresql_include=["lead_id", "store_id", "advisor_id", "lead_channel"],
        ),
    )


class GradeChangeRow(Base):
    """A grade that somebody gave a lead, over the one it had."""

    __tablename__ = "grade_change"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    from_grade: Mapped[str]
    to_grade: Mapped[str]
    reason: Mapped[str]
    graded_by: Mapped[str]
    graded_at: Mapped[datetime]

    __table_args__ = (Index("ix_grade_change_lead", "dealer_id", "lead_id", "id"),)


class ContactMoveRow(Base):
    """A next contact that somebody put on another date."""

    __tablename__ = "contact_move"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    reason: Mapped[str]
    moved_by: Mapped[str]
    moved_at: Mapped[datetime]

    __table_args__ = (Index("ix_contact_move_lead", "dealer_id", "lead_id", "id"),)


class ScriptRow(Base):
    """One version of a script (话术) that a dealer wrote, or put in the place of one that ships with the product."""

    __tablename__ = "script"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str]
    content: Mapped[str]
    tags: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    weight: Mapped[int] = mapped_column(SmallInteger)
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    is_retired: Mapped[bool]
    is_newest: Mapped[bool]

    __table_args__ = (Index("ux_script_newest", "dealer_id", "id", unique=True, postgresql_where=text("is_newest")),)


class WorklistRankingRow(Base):
    """The weights that a dealer's leads are ranked by, and how far they have been applied.

    `through` is the last lead that was ranked by `weights` of the rules' version `target`; `policy_version` is the one
    that all leads have.
    """

    __tablename__ = "worklist_ranking"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    policy_version: Mapped[int] = mapped_column(Integer)
    weights: Mapped[str]
    target: Mapped[int] = mapped_column(Integer)
    through: Mapped[UUID | None]
