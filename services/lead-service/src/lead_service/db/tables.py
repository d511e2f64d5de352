"""The tables of leads. `dealer_id` comes first in every key."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from baoke_chassis.schema import platform_metadata
from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, SmallInteger, Text, Uuid, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Everything that lead-service keeps, beside what every service keeps."""

    metadata = platform_metadata()
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy's own name)
        str: Text,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        list[str]: ARRAY(Text),
    }


NAME_KEY = "replace(lower(normalize(name, NFKC)), ' ', '')"
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
                "advisor_id",
                "channel",
                "respond_by",
                "responded_at",
                "response_minutes",
                "closed_at",
            ],
        ),
        Index(
            "ix_lead_load",
            "dealer_id",
            "advisor_id",
            postgresql_where=text("closed_at IS NULL AND advisor_id IS NOT NULL"),
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
        _searched("ix_lead_name", NAME_KEY),
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
    make: Mapped[str]
    model: Mapped[str]
    trim: Mapped[str | None]
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


class FollowUpRow(Base):
    """A contact that the dealer made, or tried to."""

    __tablename__ = "follow_up"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    channel: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str | None]
    advisor_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    next_contact_at: Mapped[datetime]
    store_id: Mapped[UUID]
    lead_channel: Mapped[str]
    script_id: Mapped[UUID | None]
    content: Mapped[str | None]

    __table_args__ = (
        Index("ix_follow_up_lead", "dealer_id", "lead_id", "id"),
        Index(
            "ix_follow_up_due",
            "dealer_id",
            "due_at",
            postgresql_include=["lead_id", "made_at", "store_id", "advisor_id", "lead_channel"],
        ),
    )


class DefeatRow(Base):
    """A lost lead, narrow enough to match millions against a signal. `model_key` is what two spellings share.

    `phone` is the lead's where it identifies a person: a newer lead of it says that the person came back.
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


class MarketSignalRow(Base):
    """A change on the market, and how far it has been matched.

    `matched_through` is the last lead that was looked at, with the model and the reason it was lost for;
    `matched_at` is when there was no further one. The origin columns keep the story that the signal's events continue.
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
    activated: Mapped[int] = mapped_column(Integer, server_default="0")
    held_out: Mapped[int] = mapped_column(Integer, server_default="0")
    withdrawn_at: Mapped[datetime | None]
    causation_id: Mapped[UUID | None]
    correlation_id: Mapped[UUID]
    traceparent: Mapped[str | None]

    __table_args__ = (
        Index("ux_market_signal_fingerprint", "dealer_id", "fingerprint", unique=True),
        Index("ix_market_signal_open", "id", postgresql_where=text("matched_at IS NULL")),
    )


class ReactivationRow(Base):
    """One signal's approach to one defeated lead; at most one of each pair.

    `outcome` is what was told of it last; the person who comes back by `expires_at` counts.
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
    factors: Mapped[dict[str, Any]]
    reactivated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '90 days'"))
    outcome: Mapped[str] = mapped_column(server_default="open")
    declined_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    successor_lead_id: Mapped[UUID | None]

    __table_args__ = (
        Index("ux_reactivation_lead_signal", "dealer_id", "lead_id", "signal_id", unique=True),
        Index("ix_reactivation_signal", "dealer_id", "signal_id", "id"),
        Index("ix_reactivation_open", "expires_at", postgresql_where=text("outcome = 'open'")),
    )


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
    attempts: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str | None]
    reopened_by: Mapped[str]
    reopened_at: Mapped[datetime]

    __table_args__ = (Index("ix_reopening_lead", "dealer_id", "lead_id", "id"),)


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
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("ix_test_drive_lead", "dealer_id", "lead_id", "id"),
        Index("ix_test_drive_car", "dealer_id", "demo_car_id", "id"),
        Index("ix_test_drive_store", "dealer_id", "store_id", "id"),
    )


class DemoCarSlotRow(Base):
    """The fence: one test drive in a car at a time. Each half hour of an open booking has a row; others have none."""

    __tablename__ = "demo_car_slot"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    demo_car_id: Mapped[UUID] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    test_drive_id: Mapped[UUID]

    __table_args__ = (Index("ix_demo_car_slot_test_drive", "dealer_id", "test_drive_id"),)


class LeadExportRow(Base):
    """Who took which leads out of the system. `leads` is how many left so far."""

    __tablename__ = "lead_export"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    exported_by: Mapped[str]
    format: Mapped[str]
    wanted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    with_phones: Mapped[bool]
    leads: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class LeadImportRow(Base):
    """A table of leads that was sent as a file, and how far it has been taken in.

    `position` is the byte at which the next row begins, and `row_number` what a spreadsheet calls the row before it.
    """

    __tablename__ = "lead_import"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    file_name: Mapped[str | None]
    digest: Mapped[str]
    encoding: Mapped[str]
    delimiter: Mapped[str]
    columns: Mapped[list[dict[str, Any]]]
    store_id: Mapped[UUID | None]
    channel: Mapped[str]
    campaign: Mapped[str | None]
    stores: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    advisor_id: Mapped[UUID | None]
    bytes_total: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    row_number: Mapped[int] = mapped_column(Integer)
    rows_read: Mapped[int] = mapped_column(Integer)
    created: Mapped[int] = mapped_column(Integer)
    touched: Mapped[int] = mapped_column(Integer)
    repeated: Mapped[int] = mapped_column(Integer)
    rejected: Mapped[int] = mapped_column(Integer)
    failure: Mapped[str | None]
    sent_at: Mapped[datetime]
    turn_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    correlation_id: Mapped[UUID]

    __table_args__ = (
        Index("ix_lead_import_open", "turn_at", postgresql_where=text("finished_at IS NULL")),
        Index("ix_lead_import_finished", "finished_at", postgresql_where=text("finished_at IS NOT NULL")),
    )


class LeadImportPartRow(Base):
    """A piece of an imported file, of one size but for the last; gone once the import is finished."""

    __tablename__ = "lead_import_part"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    bytes: Mapped[bytes]


class LeadImportRejectionRow(Base):
    """A row of an imported file that was not taken: its cells, and what is wrong with it."""

    __tablename__ = "lead_import_rejection"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    cells: Mapped[list[str]] = mapped_column(JSONB)
    problems: Mapped[list[dict[str, Any]]]


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


class MissedContactRow(Base):
    """A contact that fell due and was not made by then, and whose it was."""

    __tablename__ = "missed_contact"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    store_id: Mapped[UUID]
    advisor_id: Mapped[UUID | None]
    lead_channel: Mapped[str]

    __table_args__ = (
        Index(
            "ix_missed_contact_due",
            "dealer_id",
            "due_at",
            postgresql_include=["lead_id", "store_id", "advisor_id", "lead_channel"],
        ),
    )


class GradeChangeRow(Base):
    """A grade that somebody gave a lead, over the one it had."""

    __tablename__ = "grade_change"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    from_grade: Mapped[str]
    to_grade: Mapped[str]
    reason: Mapped[str]
    graded_by: Mapped[str]
    graded_at: Mapped[datetime]

    __table_args__ = (Index("ix_grade_change_lead", "dealer_id", "lead_id", "id"),)


class ContactMoveRow(Base):
    """A next contact that somebody put on another date."""

    __tablename__ = "contact_move"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[UUID]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    reason: Mapped[str]
    moved_by: Mapped[str]
    moved_at: Mapped[datetime]

    __table_args__ = (Index("ix_contact_move_lead", "dealer_id", "lead_id", "id"),)


class ScriptRow(Base):
    """One version of a script (话术) that a dealer wrote, or put in the place of one that ships with the product."""

    __tablename__ = "script"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    title: Mapped[str]
    content: Mapped[str]
    tags: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]
    weight: Mapped[int] = mapped_column(SmallInteger)
    written_by: Mapped[str]
    written_at: Mapped[datetime]
    is_retired: Mapped[bool]
    is_newest: Mapped[bool]

    __table_args__ = (Index("ux_script_newest", "dealer_id", "id", unique=True, postgresql_where=text("is_newest")),)


class WorklistRankingRow(Base):
    """The weights that a dealer's leads are ranked by, and how far they have been applied.

    `through` is the last lead that was ranked by `weights` of the rules' version `target`; `policy_version` is the one
    that all leads have.
    """

    __tablename__ = "worklist_ranking"

    dealer_id: Mapped[UUID] = mapped_column(primary_key=True)
    policy_version: Mapped[int] = mapped_column(Integer)
    weights: Mapped[str]
    target: Mapped[int] = mapped_column(Integer)
    through: Mapped[UUID | None]
