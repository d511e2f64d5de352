"""Leads, and what was heard of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base

MODEL_KEY = "replace(lower(normalize(make || model, NFKC)), ' ', '')"

PHONE_KEY = "reverse(phone)"
"""What a search compares, as the indexes have it: no case, width or spaces; a number by its end."""


def _searched(name: str, key: str) -> Index:
    """The index of a dealer's leads by the beginning of a text."""
    return Index(name, "dealer_id", literal_column(key).label("key"), postgresql_ops={"key": "text_pattern_ops"})


class LeadRow(Base):
    """A lead as it stands. One identifying phone has at most one open lead."""

    __tablename__ = "lead"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    advisor_id: Mapped[UUID | None]
    channel: Mapped[str]
    source_system: Mapped[str]
    source_id: Mapped[str | None]
    campaign: Mapped[str | None]
    name: Mapped[str]
    phone: Mapped[str | None]
    phone_extension: Mapped[str | None]
    phone_is_relay: Mapped[bool]
    email: Mapped[str | None]
    wecom_id: Mapped[str | None]
    locale: Mapped[str]
    time_zone: Mapped[str]
    consents: Mapped[list[dict[str, Any]]]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    decision_style: Mapped[str | None]
    referral_code: Mapped[str | None]
    note: Mapped[str | None]
    grade: Mapped[str]
    stage: Mapped[str]
    touches: Mapped[int] = mapped_column(Integer)
    next_contact_at: Mapped[datetime | None]
    follow_up_missed: Mapped[bool]
    follow_up_level: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    follow_up_escalates_at: Mapped[datetime | None]
    respond_by: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    response_minutes: Mapped[int | None] = mapped_column(Integer)
    response_level: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    response_escalates_at: Mapped[datetime | None]
    answerable_id: Mapped[UUID | None]
    ranked_at: Mapped[datetime | None]
    missed_follow_ups: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    neglected_at: Mapped[datetime | None]
    captured_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    last_channel: Mapped[str | None]
    last_system: Mapped[str | None]
    last_source_id: Mapped[str | None]
    last_campaign: Mapped[str | None]
    last_touched_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ux_lead_open_phone",
            "dealer_id",
            "phone",
            unique=True,
            postgresql_where=text("closed_at IS NULL AND NOT phone_is_relay"),
        ),
        Index("ix_lead_phone", "dealer_id", "phone", "captured_at", postgresql_where=text("NOT phone_is_relay")),
        Index("ix_lead_store", "dealer_id", "store_id", "id"),
        Index("ix_lead_advisor", "dealer_id", "advisor_id", "id", postgresql_where=text("advisor_id IS NOT NULL")),
        Index(
            "ix_lead_follow_up_due",
            "follow_up_escalates_at",
            postgresql_where=text("follow_up_escalates_at IS NOT NULL"),
        ),
        Index(
            "ix_lead_response_due",
            "response_escalates_at",
            postgresql_where=text("response_escalates_at IS NOT NULL"),
        ),
        Index(
            "ix_lead_worklist",
            "dealer_id",
            "advisor_id",
            "ranked_at",
            "id",
            postgresql_where=text("closed_at IS NULL AND advisor_id IS NOT NULL"),
        ),
        Index(
            "ix_lead_captured",
            "dealer_id",
            "captured_at",
            postgresql_include=[
                "store_id",
                "answerable_id",
                "channel",
                "respond_by",
                "responded_at",
                "response_minutes",
                "closed_at",
            ],
        ),
        Index(
            "ix_lead_store_worklist",
            "dealer_id",
            "store_id",
            "ranked_at",
            "id",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_lead_pool",
            "dealer_id",
            "store_id",
            "id",
            postgresql_where=text("closed_at IS NULL AND advisor_id IS NULL"),
        ),
        Index("ix_lead_neglected", "neglected_at", postgresql_where=text("neglected_at IS NOT NULL")),
        Index("ix_lead_next_contact", "dealer_id", "next_contact_at", "id", postgresql_where=text("closed_at IS NULL")),
        Index("ix_lead_closed", "dealer_id", "closed_at", "id", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_lead_campaign", "dealer_id", "campaign", "id", postgresql_where=text("campaign IS NOT NULL")),
        Index(
            "ix_lead_name_terms",
            literal_column("to_tsvector('simple', name_terms(dealer_id, name))"),
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": "1024"},
        ),
        _searched("ix_lead_model", MODEL_KEY),
        _searched("ix_lead_phone_end", PHONE_KEY),
    )


class TouchRow(Base):
    """An inquiry that arrived. One source id of one system arrives once."""

    __tablename__ = "touch"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    store_id: Mapped[UUID]
    channel: Mapped[str]
    source_system: Mapped[str]
    source_id: Mapped[str | None]
    campaign: Mapped[str | None]
    name: Mapped[str] = mapped_column(server_default="")
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    referral_code: Mapped[str | None]
    note: Mapped[str | None]
    requested_at: Mapped[datetime | None]
    touched_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "ux_touch_source",
            "dealer_id",
            "source_system",
            "source_id",
            unique=True,
            postgresql_where=text("source_id IS NOT NULL"),
        ),
        Index("ix_touch_lead", "dealer_id", "lead_id", "id"),
    )


class StageChangeRow(Base):
    """One step of a lead along its way."""

    __tablename__ = "stage_change"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    from_stage: Mapped[str]
    to_stage: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_stage_change_lead", "dealer_id", "lead_id", "id"),)
