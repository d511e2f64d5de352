"""Demo cars, and who drives them when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class DemoCarRow(Base):
    """A car that people may try."""

    __tablename__ = "demo_car"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    plate: Mapped[str]
    in_service: Mapped[bool]
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("ix_demo_car_store", "dealer_id", "store_id", "id"),
        Index("ux_demo_car_plate", "dealer_id", "plate", unique=True),
    )


class TestDriveRow(Base):
    """A booking of a demo car for a lead, and what became of it."""

    __tablename__ = "test_drive"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    store_id: Mapped[UUID]
    demo_car_id: Mapped[UUID]
    state: Mapped[str]
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    advisor_id: Mapped[UUID | None]
    note: Mapped[str | None]
    licence_class: Mapped[str | None]
    licence_valid_until: Mapped[date | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    booked_at: Mapped[datetime]
    from_stage: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("ix_test_drive_lead", "dealer_id", "lead_id", "id"),
        Index("ix_test_drive_car", "dealer_id", "demo_car_id", "id"),
        Index("ix_test_drive_store", "dealer_id", "store_id", "id"),
        Index("ix_test_drive_agenda", "dealer_id", "store_id", "starts_at", "id"),
        Index("ix_test_drive_open", "starts_at", postgresql_where=text("state IN ('booked', 'started')")),
        Index(
            "ux_test_drive_under_way",
            "dealer_id",
            "demo_car_id",
            unique=True,
            postgresql_where=text("state = 'started'"),
        ),
    )


class DemoCarSlotRow(Base):
    """The fence: one test drive of a car, and of a lead, at a time.

    Each half hour of an open booking has a row; others have none.
    """

    __tablename__ = "demo_car_slot"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    demo_car_id: Mapped[UUID] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    test_drive_id: Mapped[UUID]
    lead_id: Mapped[UUID]

    __table_args__ = (
        Index("ix_demo_car_slot_test_drive", "dealer_id", "test_drive_id"),
        Index("ux_demo_car_slot_lead", "dealer_id", "lead_id", "starts_at", unique=True),
    )
