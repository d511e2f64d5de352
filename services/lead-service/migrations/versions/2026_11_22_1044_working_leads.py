"""Response times, escalation, worklists, grades, scripts, and the rows that timeliness is counted from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8f2d6c31ab07"
down_revision = "a94e27d1c058"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)

_RUN_THE_CLOCKS = """
UPDATE lead SET follow_up_level = follow_up_missed::int, ranked_at = next_contact_at,
                follow_up_escalates_at = CASE WHEN NOT follow_up_missed THEN next_contact_at END
WHERE closed_at IS NULL
"""
_RANK_THEM = """
INSERT INTO worklist_ranking (dealer_id, policy_version, weights, target)
SELECT DISTINCT dealer_id, -1, '', 0 FROM lead WHERE closed_at IS NULL
"""
_WHOSE_LEAD = """
UPDATE follow_up SET store_id = lead.store_id, lead_channel = lead.channel
FROM lead WHERE lead.dealer_id = follow_up.dealer_id AND lead.id = follow_up.lead_id
"""


def upgrade() -> None:
    """Bring the schema one step forward."""
    _widen_lead()
    _widen_follow_up()
    _create_missed_contact()
    _create_changes()
    _create_script()
    op.create_table(
        "worklist_ranking",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=False),
        sa.Column("through", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", name=op.f("pk_worklist_ranking")),
    )
    op.execute(_RANK_THEM)


def _widen_lead() -> None:
    op.add_column("lead", sa.Column("follow_up_level", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("lead", sa.Column("follow_up_escalates_at", _INSTANT, nullable=True))
    op.add_column("lead", sa.Column("respond_by", _INSTANT, nullable=True))
    op.add_column("lead", sa.Column("responded_at", _INSTANT, nullable=True))
    op.add_column("lead", sa.Column("response_minutes", sa.Integer(), nullable=True))
    op.add_column("lead", sa.Column("response_level", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("lead", sa.Column("response_escalates_at", _INSTANT, nullable=True))
    op.add_column("lead", sa.Column("ranked_at", _INSTANT, nullable=True))
    op.execute(_RUN_THE_CLOCKS)
    op.drop_index(
        "ix_lead_due", table_name="lead", postgresql_where=sa.text("closed_at IS NULL AND NOT follow_up_missed")
    )
    for name, column in (
        ("ix_lead_follow_up_due", "follow_up_escalates_at"),
        ("ix_lead_response_due", "response_escalates_at"),
    ):
        op.create_index(name, "lead", [column], unique=False, postgresql_where=sa.text(f"{column} IS NOT NULL"))
    op.create_index(
        "ix_lead_worklist",
        "lead",
        ["dealer_id", "advisor_id", "ranked_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND advisor_id IS NOT NULL"),
    )
    op.create_index(
        "ix_lead_captured",
        "lead",
        ["dealer_id", "captured_at"],
        unique=False,
        postgresql_include=[
            "store_id",
            "advisor_id",
            "channel",
            "respond_by",
            "responded_at",
            "response_minutes",
            "closed_at",
        ],
    )


def _widen_follow_up() -> None:
    op.add_column("follow_up", sa.Column("store_id", sa.Uuid(), nullable=True))
    op.add_column("follow_up", sa.Column("lead_channel", sa.Text(), nullable=True))
    op.add_column("follow_up", sa.Column("script_id", sa.Uuid(), nullable=True))
    op.add_column("follow_up", sa.Column("content", sa.Text(), nullable=True))
    op.execute(_WHOSE_LEAD)
    op.alter_column("follow_up", "store_id", nullable=False)
    op.alter_column("follow_up", "lead_channel", nullable=False)
    op.create_index(
        "ix_follow_up_due",
        "follow_up",
        ["dealer_id", "due_at"],
        unique=False,
        postgresql_include=["lead_id", "made_at", "store_id", "advisor_id", "lead_channel"],
    )


def _create_missed_contact() -> None:
    op.create_table(
        "missed_contact",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("advisor_id", sa.Uuid(), nullable=True),
        sa.Column("lead_channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "lead_id", "due_at", name=op.f("pk_missed_contact")),
    )
    op.create_index(
        "ix_missed_contact_due",
        "missed_contact",
        ["dealer_id", "due_at"],
        unique=False,
        postgresql_include=["lead_id", "store_id", "advisor_id", "lead_channel"],
    )


def _create_changes() -> None:
    op.create_table(
        "grade_change",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("from_grade", sa.Text(), nullable=False),
        sa.Column("to_grade", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("graded_by", sa.Text(), nullable=False),
        sa.Column("graded_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_grade_change")),
    )
    op.create_index("ix_grade_change_lead", "grade_change", ["dealer_id", "lead_id", "id"], unique=False)
    op.create_table(
        "contact_move",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", _INSTANT, nullable=False),
        sa.Column("to_at", _INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=False),
        sa.Column("moved_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_contact_move")),
    )
    op.create_index("ix_contact_move_lead", "contact_move", ["dealer_id", "lead_id", "id"], unique=False)


def _create_script() -> None:
    op.create_table(
        "script",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("tags", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("is_newest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", "version", name=op.f("pk_script")),
    )
    op.create_index(
        "ux_script_newest", "script", ["dealer_id", "id"], unique=True, postgresql_where=sa.text("is_newest")
    )


def downgrade() -> None:
    """Take the step back."""
    for table in ("worklist_ranking", "script", "contact_move", "grade_change", "missed_contact"):
        op.drop_table(table)
    op.drop_index("ix_follow_up_due", table_name="follow_up")
    for column in ("content", "script_id", "lead_channel", "store_id"):
        op.drop_column("follow_up", column)
    for index in ("ix_lead_captured", "ix_lead_worklist", "ix_lead_response_due", "ix_lead_follow_up_due"):
        op.drop_index(index, table_name="lead")
    op.create_index(
        "ix_lead_due",
        "lead",
        ["next_contact_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND NOT follow_up_missed"),
    )
    for column in (
        "ranked_at",
        "response_escalates_at",
        "response_level",
        "response_minutes",
        "responded_at",
        "respond_by",
        "follow_up_escalates_at",
        "follow_up_level",
    ):
        op.drop_column("lead", column)
