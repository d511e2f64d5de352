"""A store's worklist has an index; an advisor's serves to count their load, too."""

import sqlalchemy as sa
from alembic import op

revision = "b83f5a2c6e19"
down_revision = "7d30b6e4c581"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_index(
        "ix_lead_store_worklist",
        "lead",
        ["dealer_id", "store_id", "ranked_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_lead_load", table_name="lead")


def downgrade() -> None:
    """Take that step back."""
    op.create_index(
        "ix_lead_load",
        "lead",
        ["dealer_id", "advisor_id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL AND advisor_id IS NOT NULL"),
    )
    op.drop_index("ix_lead_store_worklist", table_name="lead")
