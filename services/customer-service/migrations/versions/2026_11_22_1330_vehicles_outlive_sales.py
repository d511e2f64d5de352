"""A vehicle may be nobody's, handovers of one vehicle follow each other, and a sale may take a car in payment."""

import sqlalchemy as sa
from alembic import op

revision = "b46e0f9a27d3"
down_revision = "8d15c2f7ab40"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.alter_column("vehicle", "customer_id", nullable=True)
    op.add_column("lead", sa.Column("trade_in_vin", sa.Text(), nullable=True))
    op.alter_column("handover", "customer_id", nullable=True)
    op.add_column("handover", sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False))
    op.drop_constraint("pk_handover", "handover")
    op.create_primary_key("pk_handover", "handover", ["dealer_id", "lead_id", "sale_number", "vehicle_id"])


def downgrade() -> None:
    """Take the step back. What says that a vehicle is nobody's is lost."""
    op.execute("DELETE FROM handover WHERE customer_id IS NULL")
    op.drop_constraint("pk_handover", "handover")
    op.create_primary_key("pk_handover", "handover", ["dealer_id", "lead_id", "sale_number"])
    op.drop_column("handover", "position")
    op.alter_column("handover", "customer_id", nullable=False)
    op.drop_column("lead", "trade_in_vin")
    op.execute(
        "DELETE FROM odometer_reading r USING vehicle v WHERE v.customer_id IS NULL AND r.vehicle_id = v.vehicle_id"
    )
    op.execute("DELETE FROM vehicle WHERE customer_id IS NULL")
    op.alter_column("vehicle", "customer_id", nullable=False)
