"""Who works which lead."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class AdvisorRow(Base):
    """An advisor on the roster of a store. An empty list of skills is every one of them."""

    __tablename__ = "advisor"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    name: Mapped[str]
    makes: Mapped[list[str]]
    models: Mapped[list[str]]
    channels: Mapped[list[str]]
    languages: Mapped[list[str]]
    capacity: Mapped[int] = mapped_column(Integer)
    is_active: Mapped[bool]
    away_until: Mapped[datetime | None]
    last_assigned_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_advisor_store", "dealer_id", "store_id", "id"),)


class AssignmentRow(Base):
    """One change of who is responsible for a lead; without an advisor it went to the pool (公海)."""

    __tablename__ = "assignment"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    store_id: Mapped[UUID]
    advisor_id: Mapped[UUID | None]
    from_advisor_id: Mapped[UUID | None]
    reason: Mapped[str]
    note: Mapped[str | None]
    assigned_by: Mapped[str]
    assigned_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_assignment_lead", "dealer_id", "lead_id", "id"),
        Index(
            "ix_assignment_taken",
            "dealer_id",
            "from_advisor_id",
            "assigned_at",
            postgresql_where=text("reason = 'neglected'"),
        ),
    )


class ReassignmentRow(Base):
    """Many leads that change hands, and how far that has come. `moved_through` is the last lead that was looked at."""

    __tablename__ = "reassignment"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    stores: Mapped[list[str] | None]
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    to_advisors: Mapped[list[str]]
    note: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    matched: Mapped[int] = mapped_column(Integer)
    moved: Mapped[int] = mapped_column(Integer)
    moved_through: Mapped[UUID | None]
    finished_at: Mapped[datetime | None]
    correlation_id: Mapped[UUID]
    traceparent: Mapped[str | None]

    __table_args__ = (Index("ix_reassignment_open", "id", postgresql_where=text("finished_at IS NULL")),)
