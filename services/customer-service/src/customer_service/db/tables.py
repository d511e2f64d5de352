"""Every table of this service. `dealer_id` is the first column of each key."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from baoke_chassis.schema import platform_metadata
from sqlalchemy import BigInteger, DateTime, Identity, Index, SmallInteger, Text, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """The service's schema, with the tables of the platform."""

    metadata = platform_metadata()
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it)
        datetime: DateTime(timezone=True),
        str: Text(),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


class CustomerRow(Base):
    """A registered person, with where they stand."""

    __tablename__ = "customer"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    name: Mapped[str]
    phone: Mapped[str | None]
    phone_is_relay: Mapped[bool]
    email: Mapped[str | None]
    wecom_id: Mapped[str | None]
    locale: Mapped[str]
    time_zone: Mapped[str]
    birthday: Mapped[date | None]
    registered_at: Mapped[datetime]
    segment: Mapped[str] = mapped_column(server_default="prospect")
    segment_review_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ux_customer_phone", "dealer_id", "phone", unique=True, postgresql_where=text("NOT phone_is_relay")),
        Index("ix_customer_registered_at", "dealer_id", "registered_at", "customer_id"),
        Index(
            "ix_customer_name",
            "dealer_id",
            func.lower(text("name")).label("lower_name"),
            postgresql_ops={"lower_name": "text_pattern_ops"},
        ),
        Index(
            "ix_customer_segment_review_at", "segment_review_at", postgresql_where=text("segment_review_at IS NOT NULL")
        ),
    )


class VehicleRow(Base):
    """A vehicle and its odometer. Nobody's while it has no `customer_id`: its id and its readings outlive a sale."""

    __tablename__ = "vehicle"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID | None]
    store_id: Mapped[UUID]
    vin: Mapped[str]
    plate: Mapped[str | None]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    powertrain: Mapped[str]
    purchased_on: Mapped[date]
    purchase_km: Mapped[int]
    odometer_km: Mapped[int]
    odometer_read_at: Mapped[datetime | None]
    trade_in_year: Mapped[int | None] = mapped_column(SmallInteger)
    registered_at: Mapped[datetime]

    __table_args__ = (
        Index("ux_vehicle_vin", "dealer_id", "vin", unique=True),
        Index("ix_vehicle_customer", "dealer_id", "customer_id"),
        {"postgresql_with": {"fillfactor": "80"}},  # an odometer that moves stays on its page, and its indexes alone
    )


class ReadingRow(Base):
    """An odometer reading as it came; without a reason it is accepted."""

    __tablename__ = "odometer_reading"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    read_at: Mapped[datetime] = mapped_column(primary_key=True)
    km: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str | None]
    received_at: Mapped[datetime]


class LeadRow(Base):
    """What is known of a lead: how to reach it, what it bought, and who it became. Filled in any order."""

    __tablename__ = "lead"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_sequence: Mapped[int | None] = mapped_column(BigInteger)
    contact_at: Mapped[datetime | None]
    name: Mapped[str | None]
    phone: Mapped[str | None]
    phone_is_relay: Mapped[bool | None]
    email: Mapped[str | None]
    wecom_id: Mapped[str | None]
    locale: Mapped[str | None]
    time_zone: Mapped[str | None]
    consents: Mapped[list[Any] | None]
    store_id: Mapped[UUID | None]
    vin: Mapped[str | None]
    make: Mapped[str | None]
    model: Mapped[str | None]
    trim: Mapped[str | None]
    powertrain: Mapped[str | None]
    odometer_km: Mapped[int | None]
    sold_at: Mapped[datetime | None]
    sale_number: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """Which sale of the lead the columns above and the next are about."""
    trade_in_vin: Mapped[str | None]
    cancelled_sale: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """The newest sale that was undone."""
    registered_sale: Mapped[int | None] = mapped_column(SmallInteger)
    """The sale whose person and vehicle are registered."""
    customer_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ix_lead_customer", "dealer_id", "customer_id", postgresql_where=text("customer_id IS NOT NULL")),
    )


class HandoverRow(Base):
    """A vehicle that a sale made a customer's, or nobody's (given in payment), and whose it was before, if anybody's.

    It goes with the sale. Those of one vehicle follow each other by `position`, drawn under the vehicle's lock.
    """

    __tablename__ = "handover"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    sale_number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    customer_id: Mapped[UUID | None]
    store_id: Mapped[UUID]
    vin: Mapped[str]
    make: Mapped[str]
    model: Mapped[str]
    former_customer_id: Mapped[UUID | None]
    former_store_id: Mapped[UUID | None]
    former_purchased_on: Mapped[date | None]
    former_purchase_km: Mapped[int | None]

    __table_args__ = (Index("ix_handover_vehicle", "dealer_id", "vehicle_id"),)


class LeadOptOutRow(Base):
    """A withdrawal by a party that was not, or not yet, a customer."""

    __tablename__ = "lead_opt_out"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    how: Mapped[str]
    stated_at: Mapped[datetime]


class ConsentRow(Base):
    """One statement of a customer about a purpose on a channel. Statements are added, never changed."""

    __tablename__ = "consent_statement"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    statement_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    channel: Mapped[str]
    granted: Mapped[bool]
    wording_version: Mapped[str | None]
    source: Mapped[str]
    stated_at: Mapped[datetime]


class VisitRow(Base):
    """A completed service."""

    __tablename__ = "visit"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    vehicle_id: Mapped[UUID]
    store_id: Mapped[UUID]
    completed_at: Mapped[datetime]
    amount_cents: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (Index("ix_visit_customer", "dealer_id", "customer_id", "completed_at"),)


class TimelineRow(Base):
    """Something that happened to a party, a lead or a customer."""

    __tablename__ = "timeline_entry"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID]
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_timeline_entry_party", "dealer_id", "party_id", "occurred_at", "entry_id"),)


class ComplaintRow(Base):
    """A complaint, with the request it came from, which its escalations go back to."""

    __tablename__ = "complaint"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    store_id: Mapped[UUID]
    vehicle_id: Mapped[UUID | None]
    topic: Mapped[str]
    description: Mapped[str | None]
    opened_at: Mapped[datetime]
    callback_due_at: Mapped[datetime]
    called_back_at: Mapped[datetime | None]
    callback_note: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    level: Mapped[int] = mapped_column(SmallInteger)
    escalate_at: Mapped[datetime | None]
    correlation_id: Mapped[UUID]
    traceparent: Mapped[str | None]

    __table_args__ = (
        Index("ix_complaint_opened_at", "dealer_id", "opened_at", "complaint_id"),
        Index("ix_complaint_customer", "dealer_id", "customer_id"),
        Index("ix_complaint_escalate_at", "escalate_at", postgresql_where=text("escalate_at IS NOT NULL")),
    )


class MissedFirstServiceRow(Base):
    """A vehicle whose first service was told to be overdue."""

    __tablename__ = "missed_first_service"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    missed_at: Mapped[datetime]


class ChurnRow(Base):
    """The churn warning of a customer, and when time alone may change it. Without a strategy there is no warning."""

    __tablename__ = "churn"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    reasons: Mapped[list[Any]]
    strategy: Mapped[str | None]
    warned_at: Mapped[datetime | None]
    review_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_churn_review_at", "review_at", postgresql_where=text("review_at IS NOT NULL")),)
