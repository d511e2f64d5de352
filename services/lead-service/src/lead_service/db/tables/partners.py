"""Partners who send leads, and what they sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class IntakeSourceRow(Base):
    """A partner that sends leads by webhook. `id` alone names it in the webhook's address.

    `secrets` are encrypted: the newest first, each with when it was made and until when it is valid.
    """

    __tablename__ = "intake_source"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str]
    channel: Mapped[str]
    signing: Mapped[str]
    store_id: Mapped[UUID | None]
    is_enabled: Mapped[bool]
    mapping: Mapped[dict[str, Any]]
    mapping_version: Mapped[int] = mapped_column(Integer)
    secrets: Mapped[list[dict[str, Any]]]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (Index("ux_intake_source_id", "id", unique=True),)


class IntakeMappingRow(Base):
    """A version of a source's mapping; the source's own row has the newest."""

    __tablename__ = "intake_mapping"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    mapping: Mapped[dict[str, Any]]
    created_by: Mapped[str]
    created_at: Mapped[datetime]


class IntakeDeliveryRow(Base):
    """A webhook call that was taken: sent again, it is answered as before. Nothing of a person is in it."""

    __tablename__ = "intake_delivery"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    delivery_id: Mapped[str] = mapped_column(primary_key=True)
    results: Mapped[list[dict[str, Any]]]
    received_at: Mapped[datetime]

    __table_args__ = (Index("ix_intake_delivery_received_at", "received_at"),)


class IntakeRejectionRow(Base):
    """A payload of which leads could not be read, as it came, until `expires_at`: it holds personal data.

    `items` are the leads of it that are still wanting, by their place, each with what is wrong.
    """

    __tablename__ = "intake_rejection"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID]
    mapping_version: Mapped[int] = mapped_column(Integer)
    content_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    items: Mapped[list[dict[str, Any]]]
    attempts: Mapped[int] = mapped_column(SmallInteger)
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_intake_rejection_source", "dealer_id", "source_id", "id"),
        Index("ix_intake_rejection_expires_at", "expires_at"),
    )
