"""Rows that come in without what cannot be read of them, and what is said once of a whole import."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c2d5e8a1907f"
down_revision = "e1850c7a3f46"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("lead_import", sa.Column("warned", sa.Integer(), server_default="0", nullable=False))
    op.add_column("lead_import", sa.Column("remarks", postgresql.JSONB(), server_default="{}", nullable=False))
    op.add_column("lead_import_rejection", sa.Column("is_taken", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    """Take the step back."""
    op.drop_column("lead_import_rejection", "is_taken")
    op.drop_column("lead_import", "remarks")
    op.drop_column("lead_import", "warned")
