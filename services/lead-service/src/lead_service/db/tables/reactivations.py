"""Market signals, and whom they approached."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from lead_service.db.tables.base import Base


class MarketSignalRow(Base):
    """A change on the market, and how far it has been matched.

    `matched_through` is the last lead that was looked at, with the model and the reason it was lost for;
    `matched_at` is when there was no further one. After a batch that failed it is left alone until `retry_at`.
    Of one that was withdrawn, the approaches up to `recalled_through` are called back, and since `recalled_at` all.
    The origin columns keep the story that the signal's events continue.
    """

    __tablename__ = "market_signal"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    kind: Mapped[str]
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
    price_from_cents: Mapped[int | None] = mapped_column(BigInteger)
    price_to_cents: Mapped[int | None] = mapped_column(BigInteger)
    competitor: Mapped[str | None]
    valid_until: Mapped[date | None]
    note: Mapped[str | None]
    received_at: Mapped[datetime]
    matched_model_key: Mapped[str | None]
    matched_reason: Mapped[str | None]
    matched_through: Mapped[UUID | None]
    matched_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    activated: Mapped[int] = mapped_column(Integer, server_default="0")
    held_out: Mapped[int] = mapped_column(Integer, server_default="0")
    withdrawn_at: Mapped[datetime | None]
    recalled_through: Mapped[UUID | None]
    recalled_at: Mapped[datetime | None]
    causation_id: Mapped[UUID | None]
    correlation_id: Mapped[UUID]
    traceparent: Mapped[str | None]

    __table_args__ = (
        Index("ux_market_signal_fingerprint", "dealer_id", "fingerprint", unique=True),
        Index("ix_market_signal_open", "id", postgresql_where=text("matched_at IS NULL")),
        Index(
            "ix_market_signal_to_recall",
            "id",
            postgresql_where=text("withdrawn_at IS NOT NULL AND recalled_at IS NULL"),
        ),
    )


class ReactivationRow(Base):
    """One signal's approach to one defeated lead; at most one of each pair.

    `outcome` is what was told of it last; the person who comes back by `expires_at` counts. `hold_out_percent` is how
    many the rules held out when this one was approached or held out.
    """

    __tablename__ = "reactivation"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    signal_id: Mapped[UUID]
    store_id: Mapped[UUID]
    state: Mapped[str]
    strategy: Mapped[str]
    reason: Mapped[str]
    attempt: Mapped[int] = mapped_column(SmallInteger)
    priority: Mapped[int] = mapped_column(SmallInteger)
    similarity: Mapped[int] = mapped_column(SmallInteger, server_default="100")
    hold_out_percent: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    factors: Mapped[dict[str, Any]]
    reactivated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '90 days'"))
    outcome: Mapped[str] = mapped_column(server_default="open")
    declined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    successor_lead_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ux_reactivation_lead_signal", "dealer_id", "lead_id", "signal_id", unique=True),
        Index("ix_reactivation_signal", "dealer_id", "signal_id", "id", postgresql_include=["state", "outcome"]),
        Index("ix_reactivation_open", "expires_at", postgresql_where=text("outcome = 'open'")),
    )
