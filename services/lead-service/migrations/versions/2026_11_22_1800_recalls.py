"""How far the approaches of a withdrawn signal are called back; those of before were, at once."""

import sqlalchemy as sa
from alembic import op

revision = "d4a17c93e5b2"
down_revision = "b83f5a2c6e19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.add_column("market_signal", sa.Column("recalled_through", sa.Uuid(), nullable=True))
    op.add_column("market_signal", sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE market_signal SET recalled_at = withdrawn_at WHERE withdrawn_at IS NOT NULL")
    op.create_index(
        "ix_market_signal_to_recall",
        "market_signal",
        ["id"],
        unique=False,
        postgresql_where=sa.text("withdrawn_at IS NOT NULL AND recalled_at IS NULL"),
    )


def downgrade() -> None:
    """Take that step back."""
    op.drop_index("ix_market_signal_to_recall", table_name="market_signal")
    op.drop_column("market_signal", "recalled_at")
    op.drop_column("market_signal", "recalled_through")
