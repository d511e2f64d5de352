"""How leads end, and begin again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class DefeatRow(Base):
    """A lost lead, narrow enough to match millions against a signal. `model_key` is what two spellings share.

    `phone` is the lead's where it identifies a person: a newer lead of it says that the person came back. Nobody
    speaks to one who said no before `declined_until`.
    """

    __tablename__ = "defeat"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    reason: Mapped[str]
    competitor: Mapped[str | None]
    competitor_key: Mapped[str | None]
    note: Mapped[str | None]
    stage: Mapped[str]
    grade: Mapped[str]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    model_key: Mapped[str]
    trim_key: Mapped[str | None]
    budget_cents: Mapped[int | None] = mapped_column(BigInteger)
    phone: Mapped[str | None]
    captured_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    defeated_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    last_attempt_at: Mapped[datetime | None]
    care_greetings: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    next_care_at: Mapped[datetime | None]
    declined_until: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_defeat_answered", "dealer_id", "model_key", "reason", "lead_id"),
        Index("ix_defeat_care", "next_care_at", postgresql_where=text("next_care_at IS NOT NULL")),
        {"postgresql_with": {"fillfactor": "80"}},
    )


class SaleRow(Base):
    """A car that a won lead bought. One that was undone stays; `stage` is where the lead stood before it."""

    __tablename__ = "sale"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False, server_default="1")
    vin: Mapped[str]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    powertrain: Mapped[str]
    price_cents: Mapped[int] = mapped_column(BigInteger)
    odometer_km: Mapped[int] = mapped_column(Integer)
    sold_at: Mapped[datetime]
    trade_in: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    finance: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    stage: Mapped[str | None]
    won_at: Mapped[datetime | None]
    won_event_id: Mapped[UUID | None]
    cancel_reason: Mapped[str | None]
    cancel_note: Mapped[str | None]
    cancelled_by: Mapped[str | None]
    cancelled_at: Mapped[datetime | None]


class DefeatRequestRow(Base):
    """A wish to give a lead up that a manager decides on. A lead has at most one that is pending."""

    __tablename__ = "defeat_request"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    store_id: Mapped[UUID]
    reason: Mapped[str]
    competitor: Mapped[str | None]
    note: Mapped[str | None]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    state: Mapped[str]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decision_note: Mapped[str | None]

    __table_args__ = (
        Index(
            "ux_defeat_request_pending",
            "dealer_id",
            "lead_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        Index("ix_defeat_request_state", "dealer_id", "state", "id"),
    )


class ReopeningRow(Base):
    """A lost lead that is worked again, and the defeat that this took back."""

    __tablename__ = "reopening"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    reason: Mapped[str]
    competitor: Mapped[str | None]
    defeat_note: Mapped[str | None]
    stage: Mapped[str]
    defeated_at: Mapped[datetime]
    note: Mapped[str | None]
    reopened_by: Mapped[str]
    reopened_at: Mapped[datetime]

    __table_args__ = (Index("ix_reopening_lead", "dealer_id", "lead_id", "id"),)
