"""The tables of this service."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from baoke_chassis.schema import platform_metadata
from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Instant = TIMESTAMP(timezone=True)


class Base(DeclarativeBase):
    """This service's tables beside the platform's own."""

    metadata = platform_metadata()


class Party(Base):
    """How to reach a lead or a customer, and the person they are.

    A party that is only known as somebody's lead has `sequence` 0 and no contact yet.
    """

    __tablename__ = "party"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_kind: Mapped[str] = mapped_column(Text)
    person_id: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text, server_default="")
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text, server_default="")
    time_zone: Mapped[str] = mapped_column(Text, server_default="")
    granted: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    """`purpose channel`, such as `marketing sms`."""
    refused: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")

    __table_args__ = (Index("ix_party_person", "dealer_id", "person_id"), Index("ix_party_phone", "dealer_id", "phone"))


class Suppression(Base):
    """A person unsubscribed; holds until they agree again, whatever a late contact says."""

    __tablename__ = "suppression"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    how: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Instant)


class ContactBudget(Base):
    """What of a person's calendar day is reserved and used."""

    __tablename__ = "contact_budget"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_date: Mapped[date] = mapped_column(primary_key=True)
    reserved: Mapped[int]
    used: Mapped[int]

    __table_args__ = (CheckConstraint("reserved >= 0 AND used >= 0", name="not_negative"),)


class Message(Base):
    """One thing to say to one party, from plan to end."""

    __tablename__ = "message"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID]
    journey: Mapped[str | None] = mapped_column(Text)
    message_class: Mapped[str] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger)
    template: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime] = mapped_column(Instant)
    wake_at: Mapped[datetime] = mapped_column(Instant)
    """When a sender next looks at it; while `sending`, when that sender's lease ends."""
    claim_id: Mapped[UUID | None]
    """The sender's turn that holds it; only that turn may say what became of it."""
    attempts: Mapped[int] = mapped_column(SmallInteger)
    counted_on: Mapped[date | None]
    """The day whose budget it holds, or took, a place of."""
    channel: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    template_version: Mapped[int | None]
    causation_id: Mapped[UUID | None]
    correlation_id: Mapped[UUID | None]
    traceparent: Mapped[str | None] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(Instant)
    """When what it answers happened."""
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it was sent, suppressed or given up."""

    __table_args__ = (
        UniqueConstraint("dealer_id", "journey", "causation_id", "party_id", name="uq_message_once_per_event"),
        Index("ix_message_due", "message_class", "wake_at", postgresql_where=sql("state IN ('waiting', 'sending')")),
        Index("ix_message_party", "dealer_id", "party_id", "message_id"),
    )


class UndoneFact(Base):
    """Something that was undone: what a journey would still say to the party about it is pointless.

    It is kept for as long as what was undone may be heard of later than that it was, and wait.
    """

    __tablename__ = "undone_fact"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    journey: Mapped[str] = mapped_column(Text, primary_key=True)
    field: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[str] = mapped_column(Text, primary_key=True)
    undone_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (Index("ix_undone_fact_undone_at", "undone_at"),)


class LocalOutbox(Base):
    """What a customer would have received, where no provider is connected."""

    __tablename__ = "local_outbox"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    delivered_at: Mapped[datetime] = mapped_column(Instant)
