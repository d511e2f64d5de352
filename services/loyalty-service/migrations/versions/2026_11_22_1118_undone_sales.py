"""Sales that can be undone: which sale was, which vehicle's sale is registered, and rewards that were clawed back."""

import sqlalchemy as sa
from alembic import op

revision = "c4a07be3519d"
down_revision = "43777e392157"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward. What was known before counts as the lead's first sale."""
    op.add_column("purchase", sa.Column("sale", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("purchase", sa.Column("registered_sale", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("purchase", sa.Column("cancelled_sale", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("referral", sa.Column("reward_source_id", sa.Uuid(), nullable=True))
    op.add_column("voucher", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint("uq_voucher_dealer_id_source_source_id_customer_id", "voucher", type_="unique")
    op.create_index(
        "ux_voucher_source",
        "voucher",
        ["dealer_id", "source", "source_id", "customer_id"],
        unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
    )


def downgrade() -> None:
    """Take the step back. Vouchers that are void are forgotten."""
    op.execute("DELETE FROM voucher WHERE voided_at IS NOT NULL")
    op.drop_index("ux_voucher_source", "voucher")
    op.create_unique_constraint(
        "uq_voucher_dealer_id_source_source_id_customer_id",
        "voucher",
        ["dealer_id", "source", "source_id", "customer_id"],
    )
    op.drop_column("voucher", "voided_at")
    op.drop_column("referral", "reward_source_id")
    for name in ("cancelled_sale", "registered_sale", "sale"):
        op.drop_column("purchase", name)
