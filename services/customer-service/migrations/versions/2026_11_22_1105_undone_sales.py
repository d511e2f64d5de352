"""Sales that can be undone: which sale of a lead made whose vehicle."""

import sqlalchemy as sa
from alembic import op

revision = "8d15c2f7ab40"
down_revision = "3f0a6c1d92be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward. What was registered before counts as the lead's first sale."""
    op.add_column("lead", sa.Column("sale_number", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("lead", sa.Column("cancelled_sale", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("lead", sa.Column("registered_sale", sa.SmallInteger(), nullable=True))
    op.create_table(
        "handover",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("sale_number", sa.SmallInteger(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("vin", sa.Text(), nullable=False),
        sa.Column("make", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("former_customer_id", sa.Uuid(), nullable=True),
        sa.Column("former_store_id", sa.Uuid(), nullable=True),
        sa.Column("former_purchased_on", sa.Date(), nullable=True),
        sa.Column("former_purchase_km", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "lead_id", "sale_number", name=op.f("pk_handover")),
    )
    op.create_index("ix_handover_vehicle", "handover", ["dealer_id", "vehicle_id"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("handover")
    for name in ("registered_sale", "cancelled_sale", "sale_number"):
        op.drop_column("lead", name)
