"""A lead keeps whose first answer it was, and awaits one only while it is new."""

import sqlalchemy as sa
from alembic import op

revision = "5d7c1e90b2a4"
down_revision = "c2d5e8a1907f"
branch_labels = None
depends_on = None

_WHOSE = """
UPDATE lead SET answerable_id = advisor_id,
                response_escalates_at = CASE WHEN stage = 'new' THEN response_escalates_at END
WHERE responded_at IS NOT NULL OR response_level > 0 OR stage <> 'new'
"""
_MEASURED = ["respond_by", "responded_at", "response_minutes", "closed_at"]


def upgrade() -> None:
    """Bring the schema one step forward. Whose a lead is stands for whose it was."""
    op.add_column("lead", sa.Column("answerable_id", sa.Uuid(), nullable=True))
    op.execute(_WHOSE)
    _index_captured("answerable_id")


def downgrade() -> None:
    """Take that step back."""
    _index_captured("advisor_id")
    op.drop_column("lead", "answerable_id")


def _index_captured(whose: str) -> None:
    op.drop_index("ix_lead_captured", table_name="lead")
    op.create_index(
        "ix_lead_captured",
        "lead",
        ["dealer_id", "captured_at"],
        unique=False,
        postgresql_include=["store_id", whose, "channel", *_MEASURED],
    )
