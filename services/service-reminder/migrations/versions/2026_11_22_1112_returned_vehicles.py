"""Vehicles that were given back because their sale was undone."""

import sqlalchemy as sa
from alembic import op

revision = "b3e61f0d97c2"
down_revision = "f9f283f16833"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("vehicle", sa.Column("is_returned", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("vehicle", sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("vehicle", "returned_at")
    op.drop_column("vehicle", "is_returned")
