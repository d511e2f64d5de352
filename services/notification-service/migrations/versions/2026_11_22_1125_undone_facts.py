"""Facts that were undone, of which nothing is said any more."""

import sqlalchemy as sa
from alembic import op

revision = "e7b19d4c63f5"
down_revision = "d94659a7db06"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "undone_fact",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("journey", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "party_id", "journey", "field", "value", name=op.f("pk_undone_fact")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("undone_fact")
