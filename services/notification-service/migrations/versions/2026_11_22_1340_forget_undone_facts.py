"""Undone facts are forgotten by their age."""

from alembic import op

revision = "5c81f3e06ad9"
down_revision = "e7b19d4c63f5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_index("ix_undone_fact_undone_at", "undone_fact", ["undone_at"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_undone_fact_undone_at", table_name="undone_fact")
