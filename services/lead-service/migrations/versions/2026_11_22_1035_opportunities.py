"""Opportunities, care, defeats that a manager decides on, and signals that are taken back."""

import sqlalchemy as sa
from alembic import op

revision = "5b7e0f6a2c11"
down_revision = "0d409453e536"
branch_labels = None
depends_on = None

_KNOWN_OF_DEFEATS = """
UPDATE defeat SET budget_cents = lead.budget_cents, captured_at = lead.captured_at,
                  phone = CASE WHEN NOT lead.phone_is_relay THEN lead.phone END,
                  next_care_at = greatest(defeat.defeated_at + interval '90 days',
                                          now() + make_interval(days => (random() * 60)::int))
FROM lead WHERE lead.dealer_id = defeat.dealer_id AND lead.id = defeat.lead_id
"""


def upgrade() -> None:
    """Bring the schema one step forward.

    Who was lost long ago is greeted over two months, not on one day.
    """
    _widen_defeat()
    _widen_market_signal()
    _widen_reactivation()
    _create_defeat_request()
    _create_reopening()


def _widen_defeat() -> None:
    op.add_column("defeat", sa.Column("budget_cents", sa.BigInteger(), nullable=True))
    op.add_column("defeat", sa.Column("phone", sa.Text(), nullable=True))
    op.add_column(
        "defeat",
        sa.Column("captured_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column("defeat", sa.Column("care_greetings", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("defeat", sa.Column("next_care_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(_KNOWN_OF_DEFEATS)
    op.drop_index("ix_defeat_model", table_name="defeat")
    op.create_index("ix_defeat_answered", "defeat", ["dealer_id", "model_key", "reason", "lead_id"], unique=False)
    op.create_index(
        "ix_defeat_care", "defeat", ["next_care_at"], unique=False, postgresql_where=sa.text("next_care_at IS NOT NULL")
    )


def _widen_market_signal() -> None:
    op.add_column("market_signal", sa.Column("matched_model_key", sa.Text(), nullable=True))
    op.add_column("market_signal", sa.Column("matched_reason", sa.Text(), nullable=True))
    op.add_column("market_signal", sa.Column("activated", sa.Integer(), server_default="0", nullable=False))
    op.add_column("market_signal", sa.Column("held_out", sa.Integer(), server_default="0", nullable=False))
    op.add_column("market_signal", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE market_signal s SET activated = r.activated, held_out = r.held_out FROM (SELECT dealer_id, signal_id,"
        " count(*) FILTER (WHERE state = 'activated') AS activated, count(*) FILTER (WHERE state = 'held_out')"
        " AS held_out FROM reactivation GROUP BY 1, 2) r WHERE r.dealer_id = s.dealer_id AND r.signal_id = s.id"
    )


def _widen_reactivation() -> None:
    op.add_column("reactivation", sa.Column("similarity", sa.SmallInteger(), server_default="100", nullable=False))
    op.add_column(
        "reactivation",
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now() + interval '90 days'"),
            nullable=False,
        ),
    )
    op.add_column("reactivation", sa.Column("outcome", sa.Text(), server_default="open", nullable=False))
    op.add_column("reactivation", sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reactivation", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reactivation", sa.Column("successor_lead_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE reactivation SET expires_at = reactivated_at + interval '90 days'")
    op.create_index(
        "ix_reactivation_open",
        "reactivation",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("outcome = 'open'"),
    )


def _create_defeat_request() -> None:
    op.create_table(
        "defeat_request",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_defeat_request")),
    )
    op.create_index("ix_defeat_request_state", "defeat_request", ["dealer_id", "state", "id"], unique=False)
    op.create_index(
        "ux_defeat_request_pending",
        "defeat_request",
        ["dealer_id", "lead_id"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )


def _create_reopening() -> None:
    op.create_table(
        "reopening",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("competitor", sa.Text(), nullable=True),
        sa.Column("defeat_note", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("defeated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("reopened_by", sa.Text(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_reopening")),
    )
    op.create_index("ix_reopening_lead", "reopening", ["dealer_id", "lead_id", "id"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("reopening")
    op.drop_table("defeat_request")
    op.drop_index("ix_reactivation_open", table_name="reactivation")
    for name in ("successor_lead_id", "ended_at", "declined_at", "outcome", "expires_at", "similarity"):
        op.drop_column("reactivation", name)
    for name in ("withdrawn_at", "held_out", "activated", "matched_reason", "matched_model_key"):
        op.drop_column("market_signal", name)
    for index in ("ix_defeat_care", "ix_defeat_answered"):
        op.drop_index(index, table_name="defeat")
    op.create_index("ix_defeat_model", "defeat", ["dealer_id", "model_key", "lead_id"], unique=False)
    for name in ("next_care_at", "care_greetings", "captured_at", "phone", "budget_cents"):
        op.drop_column("defeat", name)
