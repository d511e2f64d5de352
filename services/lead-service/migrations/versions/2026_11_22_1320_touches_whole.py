"""A touch keeps all that it said: name, budget and referral code."""

import sqlalchemy as sa
from alembic import op

revision = "3b9a61f4c72d"
down_revision = "8f2d6c31ab07"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("touch", sa.Column("name", sa.Text(), server_default="", nullable=False))
    op.add_column("touch", sa.Column("budget_cents", sa.BigInteger(), nullable=True))
    op.add_column("touch", sa.Column("referral_code", sa.Text(), nullable=True))


def downgrade() -> None:
    """Take the step back."""
    for name in ("referral_code", "budget_cents", "name"):
        op.drop_column("touch", name)
