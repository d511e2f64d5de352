"""The tables of service-reminder."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from baoke_chassis.schema import platform_metadata
from sqlalchemy import BigInteger, DateTime, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import Text


class Base(DeclarativeBase):
    """All tables, the platform's among them."""

    metadata = platform_metadata()
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own shape)
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
        list[int]: ARRAY(SmallInteger),
    }


class VehicleRow(Base):
    """One vehicle in one row: 27 readings at most, one history entry per item, and when to look at it again.

    `heard` are readings that came since somebody looked, the first of them at `unsettled_since`; they wait in the row
    as they came until the vehicle is looked at.
    The columns from `customer_id` to `registered_at` are null until the vehicle is registered. They stay when it is
    returned, because its sale was undone or it was given in payment, and say nothing while it is nobody's.
    """

    __tablename__ = "vehicle"
    __table_args__ = (
        Index("ix_vehicle_next_step_at", "next_step_at", postgresql_where=text("next_step_at IS NOT NULL")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID | None]
    store_id: Mapped[UUID | None]
    vin: Mapped[str | None]
    make: Mapped[str | None]
    model: Mapped[str | None]
    powertrain: Mapped[str | None]
    purchased_on: Mapped[date | None]
    odometer_km: Mapped[int | None]
    registered_at: Mapped[datetime | None]
    is_returned: Mapped[bool] = mapped_column(server_default=text("false"))
    returned_at: Mapped[datetime | None]
    severe_use: Mapped[bool] = mapped_column(server_default=text("false"))
    readings: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    entry_at: Mapped[datetime | None]
    entry_km: Mapped[int | None]
    history: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    heard: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    unsettled_since: Mapped[datetime | None]
    next_step_at: Mapped[datetime | None]
    causation_id: Mapped[UUID | None]
    correlation_id: Mapped[UUID | None]
    traceparent: Mapped[str | None]


class ReminderRow(Base):
    """One message to an owner."""

    __tablename__ = "reminder"
    __table_args__ = (Index("ix_reminder_vehicle", "dealer_id", "vehicle_id", "reminder_id"),)

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    reminder_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    store_id: Mapped[UUID]
    step: Mapped[str]
    state: Mapped[str]
    due_on: Mapped[date]
    odometer_km: Mapped[int]
    items: Mapped[list[Any]]
    codes: Mapped[list[str]]
    sent_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class ReminderItemRow(Base):
    """The fence: one reminder per vehicle, item, cycle and step."""

    __tablename__ = "reminder_item"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    cycle: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    step: Mapped[str] = mapped_column(primary_key=True)
    reminder_id: Mapped[UUID]


class PlanRow(Base):
    """One version of a dealer's own maintenance plan; the highest is in force."""

    __tablename__ = "maintenance_plan"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class RulesAppliedRow(Base):
    """How far a dealer's vehicles were looked at since its rules changed.

    `applied` and `target` count the versions of policy and plans; `after_vehicle_id` is the last vehicle looked at.
    """

    __tablename__ = "rules_applied"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    applied: Mapped[int]
    target: Mapped[int]
    after_vehicle_id: Mapped[UUID | None]


class VisitRow(Base):
    """One workshop visit."""

    __tablename__ = "visit"
    __table_args__ = (Index("ix_visit_vehicle", "dealer_id", "vehicle_id", "visit_id"),)

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    store_id: Mapped[UUID]
    appointment_id: Mapped[UUID | None]
    stage: Mapped[str]
    arrived_at: Mapped[datetime]
    quoted_cents: Mapped[int | None] = mapped_column(BigInteger)
    odometer_km: Mapped[int | None]
    lines: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    amount_cents: Mapped[int | None] = mapped_column(BigInteger)
    completed_at: Mapped[datetime | None]


class VisitStageRow(Base):
    """When a visit reached a stage, and what was noted."""

    __tablename__ = "visit_stage"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    reached_at: Mapped[datetime]
    quoted_cents: Mapped[int | None] = mapped_column(BigInteger)
    note: Mapped[str | None]
    by: Mapped[str]


class WorkshopRow(Base):
    """What a store's workshop says of itself."""

    __tablename__ = "workshop"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    bays: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    slot_minutes: Mapped[int]
    open_days: Mapped[list[int]]
    hold_minutes: Mapped[int]


class AppointmentRow(Base):
    """One appointment."""

    __tablename__ = "appointment"
    __table_args__ = (
        Index("ix_appointment_store", "dealer_id", "store_id", "starts_at"),
        Index("ix_appointment_vehicle", "dealer_id", "vehicle_id"),
        Index("ix_appointment_held_until", "held_until", postgresql_where=text("held_until IS NOT NULL")),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(primary_key=True)
    vehicle_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    store_id: Mapped[UUID]
    starts_at: Mapped[datetime]
    bay: Mapped[int]
    state: Mapped[str]
    items: Mapped[list[str]]
    held_until: Mapped[datetime | None]
    version: Mapped[int]


class SlotClaimRow(Base):
    """The fence: one appointment in a bay at a time. Open and kept appointments have one; others have none."""

    __tablename__ = "slot_claim"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    bay: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    appointment_id: Mapped[UUID]
