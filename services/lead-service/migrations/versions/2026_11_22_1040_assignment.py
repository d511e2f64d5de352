"""Advisors, assignment and the pool, stages with their time, test drives, search and export."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c41d9e8b320"
down_revision = "5c1f0a93b7d4"
branch_labels = None
depends_on = None

_NAME_KEY = "replace(lower(normalize(name, NFKC)), ' ', '')"
_MODEL_KEY = "replace(lower(normalize(make || model, NFKC)), ' ', '')"
_PHONE_KEY = "reverse(phone)"

_TABLES = (
    "advisor",
    "assignment",
    "reassignment",
    "stage_change",
    "demo_car",
    "test_drive",
    "demo_car_slot",
    "lead_export",
)
_INDEXES_OF_LEADS = (
    "ix_lead_load",
    "ix_lead_pool",
    "ix_lead_neglected",
    "ix_lead_next_contact",
    "ix_lead_closed",
    "ix_lead_campaign",
    "ix_lead_name",
    "ix_lead_model",
    "ix_lead_phone_end",
)


def upgrade() -> None:
    """Bring the schema one step forward."""
    _create_advisor()
    _create_assignment()
    _create_reassignment()
    _create_stage_change()
    _create_demo_car()
    _create_test_drive()
    _create_demo_car_slot()
    _create_lead_export()
    _widen_lead()
    _find_leads()


def _widen_lead() -> None:
    op.add_column("lead", sa.Column("missed_follow_ups", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("lead", sa.Column("neglected_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_lead_load",
        "lead",
        ["dealer_id", "advisor_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND advisor_id IS NOT NULL"),
    )
    op.create_index(
        "ix_lead_pool",
        "lead",
        ["dealer_id", "store_id", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND advisor_id IS NULL"),
    )
    op.create_index(
        "ix_lead_neglected",
        "lead",
        ["neglected_at"],
        unique=False,
        postgresql_where=sa.text("neglected_at IS NOT NULL"),
    )


def _find_leads() -> None:
    op.create_index(
        "ix_lead_next_contact",
        "lead",
        ["dealer_id", "next_contact_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_lead_closed",
        "lead",
        ["dealer_id", "closed_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_lead_campaign",
        "lead",
        ["dealer_id", "campaign", "id"],
        unique=False,
        postgresql_where=sa.text("campaign IS NOT NULL"),
    )
    for name, key in (("ix_lead_name", _NAME_KEY), ("ix_lead_model", _MODEL_KEY), ("ix_lead_phone_end", _PHONE_KEY)):
        op.create_index(name, "lead", ["dealer_id", sa.text(f"({key}) text_pattern_ops")], unique=False)


def _create_advisor() -> None:
    op.create_table(
        "advisor",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("makes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("models", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("channels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_advisor")),
    )
    op.create_index("ix_advisor_store", "advisor", ["dealer_id", "store_id", "id"], unique=False)


def _create_assignment() -> None:
    op.create_table(
        "assignment",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Uuid(), nullable=True),
        sa.Column("from_advisor_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("assigned_by", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_lead", "assignment", ["dealer_id", "lead_id", "id"], unique=False)
    op.create_index(
        "ix_assignment_taken",
        "assignment",
        ["dealer_id", "from_advisor_id", "assigned_at"],
        unique=False,
        postgresql_where=sa.text("reason = 'neglected'"),
    )


def _create_reassignment() -> None:
    op.create_table(
        "reassignment",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stores", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("to_advisors", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("moved_through", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=False),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_reassignment")),
    )
    op.create_index(
        "ix_reassignment_open", "reassignment", ["id"], unique=False, postgresql_where=sa.text("finished_at IS NULL")
    )


def _create_stage_change() -> None:
    op.create_table(
        "stage_change",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("from_stage", sa.Text(), nullable=False),
        sa.Column("to_stage", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_stage_change")),
    )
    op.create_index("ix_stage_change_lead", "stage_change", ["dealer_id", "lead_id", "id"], unique=False)


def _create_demo_car() -> None:
    op.create_table(
        "demo_car",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("make", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("trim", sa.Text(), nullable=True),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("in_service", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_demo_car")),
    )
    op.create_index("ix_demo_car_store", "demo_car", ["dealer_id", "store_id", "id"], unique=False)
    op.create_index("ux_demo_car_plate", "demo_car", ["dealer_id", "plate"], unique=True)


def _create_test_drive() -> None:
    op.create_table(
        "test_drive",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("demo_car_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("advisor_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("licence_class", sa.Text(), nullable=True),
        sa.Column("licence_valid_until", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_test_drive")),
    )
    op.create_index("ix_test_drive_car", "test_drive", ["dealer_id", "demo_car_id", "id"], unique=False)
    op.create_index("ix_test_drive_lead", "test_drive", ["dealer_id", "lead_id", "id"], unique=False)
    op.create_index("ix_test_drive_store", "test_drive", ["dealer_id", "store_id", "id"], unique=False)


def _create_demo_car_slot() -> None:
    op.create_table(
        "demo_car_slot",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("demo_car_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("test_drive_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "demo_car_id", "starts_at", name=op.f("pk_demo_car_slot")),
    )
    op.create_index("ix_demo_car_slot_test_drive", "demo_car_slot", ["dealer_id", "test_drive_id"], unique=False)


def _create_lead_export() -> None:
    op.create_table(
        "lead_export",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exported_by", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("with_phones", sa.Boolean(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_lead_export")),
    )


def downgrade() -> None:
    """Take the step back."""
    for name in _INDEXES_OF_LEADS:
        op.drop_index(name, table_name="lead")
    op.drop_column("lead", "neglected_at")
    op.drop_column("lead", "missed_follow_ups")
    for name in reversed(_TABLES):
        op.drop_table(name)
