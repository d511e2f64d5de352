"""Approaches that can be compared, signals that wait after a failure, and people who said no."""

import sqlalchemy as sa
from alembic import op

revision = "c6e02b9d57f1"
down_revision = "3b9a61f4c72d"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)

_LET_LAPSE = """
UPDATE defeat_request r SET state = 'lapsed', decided_at = lead.closed_at
FROM lead WHERE lead.dealer_id = r.dealer_id AND lead.id = r.lead_id AND r.state = 'pending'
  AND lead.closed_at IS NOT NULL
"""


def upgrade() -> None:
    """Bring the schema one step forward.

    What share of the leads was held out when earlier approaches were made is not known: 0 leaves them uncompared.
    """
    op.add_column("market_signal", sa.Column("retry_at", _INSTANT, nullable=True))
    op.add_column("defeat", sa.Column("declined_until", _INSTANT, nullable=True))
    op.add_column("reactivation", sa.Column("hold_out_percent", sa.SmallInteger(), server_default="0", nullable=False))
    op.drop_index("ix_reactivation_signal", table_name="reactivation")
    op.create_index(
        "ix_reactivation_signal",
        "reactivation",
        ["dealer_id", "signal_id", "id"],
        unique=False,
        postgresql_include=["state", "outcome"],
    )
    op.drop_column("reopening", "attempts")
    op.execute(_LET_LAPSE)


def downgrade() -> None:
    """Take that step back. What was lapsed stays so; how often reopened leads had been approached is forgotten."""
    op.add_column("reopening", sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False))
    op.alter_column("reopening", "attempts", server_default=None)
    op.drop_index("ix_reactivation_signal", table_name="reactivation")
    op.create_index("ix_reactivation_signal", "reactivation", ["dealer_id", "signal_id", "id"], unique=False)
    op.drop_column("reactivation", "hold_out_percent")
    op.drop_column("defeat", "declined_until")
    op.drop_column("market_signal", "retry_at")
