"""The tables of the service. Every key begins with the dealer group."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from baoke_chassis.schema import platform_metadata
from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ACTIVE = text("state = 'active'")
PENDING = text("state = 'pending'")
HELD = text("state = 'held'")


class Base(DeclarativeBase):
    """Declares the service's tables beside the platform's."""

    metadata = platform_metadata()
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        str: Text,
        int: BigInteger,
        bytes: LargeBinary,
        list[bytes]: ARRAY(LargeBinary),
    }


class Member(Base):
    """A customer in the programme. Whoever changes points or tier locks this row first."""

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("balance >= 0", name="balance"),
        Index("ix_member_review_at", "review_at", postgresql_where=text("review_at IS NOT NULL")),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    balance: Mapped[int]
    """What the movements of the member's account sum to."""
    entries: Mapped[int]
    tier: Mapped[str]
    review_at: Mapped[datetime | None]
    grace_until: Mapped[datetime | None]
    enrolled_at: Mapped[datetime]


class Award(Base):
    """Points given for a fact; while active, the lot that spends draw from."""

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("dealer_id", "programme", "source_event_id", "rule", "customer_id", name="uq_award_fact"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("remaining BETWEEN 0 AND points", name="remaining"),
        CheckConstraint("(state = 'active') = (remaining > 0)", name="state"),
        Index("ix_award_lots", "dealer_id", "customer_id", "expires_at", "id", postgresql_where=ACTIVE),
        Index("ix_award_due", "expires_at", postgresql_where=ACTIVE),
        Index("ix_award_pending", "dealer_id", "customer_id", postgresql_where=PENDING),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    programme: Mapped[str]
    rule: Mapped[str]
    source_event_id: Mapped[UUID]
    points: Mapped[int]
    remaining: Mapped[int]
    """What can still be spent of it; 0 unless active."""
    state: Mapped[str]
    earned_at: Mapped[datetime | None]
    expires_on: Mapped[date | None]
    expires_at: Mapped[datetime | None]


class LedgerEntry(Base):
    """One line of a member's statement. Append-only: a trigger refuses anything else."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("dealer_id", "id"),
        CheckConstraint("balance >= 0", name="balance"),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[UUID]
    kind: Mapped[str]
    points: Mapped[int]
    balance: Mapped[int]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str | None]


class Movement(Base):
    """Points that left one account and entered another: both sides of the double entry in one row.

    Append-only like the entry it belongs to. The accounts are the dealer's `issue`, `redemption`
    and `expiry`, and `member`: the account of the entry's customer.
    """

    __tablename__ = "movement"
    __table_args__ = (
        ForeignKeyConstraint(["dealer_id", "entry_id"], ["ledger_entry.dealer_id", "ledger_entry.id"]),
        ForeignKeyConstraint(["dealer_id", "award_id"], ["award.dealer_id", "award.id"]),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("source <> destination", name="accounts"),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    award_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str]
    destination: Mapped[str]
    points: Mapped[int]


class TierActivity(Base):
    """Something a member did that counts for the tier."""

    __tablename__ = "tier_activity"
    __table_args__ = (Index("ix_tier_activity_window", "dealer_id", "customer_id", "occurred_at"),)

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    source_event_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    amount_cents: Mapped[int]
    occurred_at: Mapped[datetime]


class Voucher(Base):
    """A right to one reward. Who knows the code can use it, once."""

    __tablename__ = "voucher"
    __table_args__ = (
        UniqueConstraint("dealer_id", "code"),
        Index(
            "ux_voucher_source",
            "dealer_id",
            "source",
            "source_id",
            "customer_id",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
        ),
        Index("ix_voucher_customer", "dealer_id", "customer_id", "id"),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    code: Mapped[str]
    kind: Mapped[str]
    value_cents: Mapped[int]
    currency: Mapped[str]
    source: Mapped[str]
    source_id: Mapped[UUID]
    issued_at: Mapped[datetime]
    expires_on: Mapped[date]
    redeemed_at: Mapped[datetime | None]
    redeemed_by: Mapped[str | None]
    voided_at: Mapped[datetime | None]
    """When what it was issued for was undone."""


class ReferralCode(Base):
    """A member's code for others."""

    __tablename__ = "referral_code"
    __table_args__ = (UniqueConstraint("dealer_id", "customer_id"),)

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    created_at: Mapped[datetime]


class Party(Base):
    """What is known of the phones of a lead or customer: keyed hashes of every number it ever had.

    A set that only grows comes out the same in whatever order contacts arrive.
    """

    __tablename__ = "party"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    party_id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_known: Mapped[bool]
    phone_hashes: Mapped[list[bytes]]


class Purchase(Base):
    """What is known of the car a lead bought; each column is said by another topic."""

    __tablename__ = "purchase"
    __table_args__ = (Index("ix_purchase_customer", "dealer_id", "customer_id"),)

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    won_event_id: Mapped[UUID | None]
    won_at: Mapped[datetime | None]
    vin: Mapped[str | None]
    customer_id: Mapped[UUID | None]
    vehicle_registered: Mapped[bool]
    sale: Mapped[int] = mapped_column(server_default="1")
    """Which sale of the lead the event and the VIN are of."""
    registered_sale: Mapped[int] = mapped_column(server_default="1")
    """The newest sale whose vehicle was registered."""
    cancelled_sale: Mapped[int] = mapped_column(server_default="0")
    """The newest sale that was undone."""


class VehicleOwner(Base):
    """A customer who has, or had, the vehicle."""

    __tablename__ = "vehicle_owner"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    vin: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)


class Referral(Base):
    """A lead that came with a code."""

    __tablename__ = "referral"
    __table_args__ = (
        UniqueConstraint("dealer_id", "lead_id"),
        Index("ix_referral_referrer", "dealer_id", "referrer_id", "id"),
        Index("ix_referral_due", "pay_at", postgresql_where=HELD),
    )

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    source_event_id: Mapped[UUID]
    reward_source_id: Mapped[UUID | None]
    code: Mapped[str]
    referrer_id: Mapped[UUID | None]
    points: Mapped[int]
    voucher_kind: Mapped[str]
    voucher_value_cents: Mapped[int]
    currency: Mapped[str]
    state: Mapped[str]
    void_reason: Mapped[str | None]
    referee_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    qualified_at: Mapped[datetime | None]
    pay_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    causation_id: Mapped[UUID | None]
    """With the next two: the story the payment belongs to, though a job may make it days later."""
    correlation_id: Mapped[UUID | None]
    traceparent: Mapped[str | None]
