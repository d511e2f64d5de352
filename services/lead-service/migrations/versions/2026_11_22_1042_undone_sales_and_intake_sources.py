"""Sales that can be undone, the last touch of a lead, and partners' webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a94e27d1c058"
down_revision = "7c41d9e8b320"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema one step forward."""
    for name in ("last_channel", "last_system", "last_source_id", "last_campaign"):
        op.add_column("lead", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("lead", sa.Column("last_touched_at", _INSTANT, nullable=True))
    _widen_sales()
    _add_intake()


def downgrade() -> None:
    """Take the step back. Sales that were undone are forgotten."""
    for name in ("intake_rejection", "intake_delivery", "intake_mapping", "intake_source"):
        op.drop_table(name)
    op.execute("DELETE FROM sale WHERE cancelled_at IS NOT NULL")
    op.drop_constraint("pk_sale", "sale", type_="primary")
    for name in _OF_SALE:
        op.drop_column("sale", name)
    op.drop_column("sale", "number")
    op.create_primary_key("pk_sale", "sale", ["dealer_id", "lead_id"])
    for name in ("last_channel", "last_system", "last_source_id", "last_campaign", "last_touched_at"):
        op.drop_column("lead", name)


_OF_SALE = {
    "trade_in": postgresql.JSONB(),
    "finance": postgresql.JSONB(),
    "stage": sa.Text(),
    "won_at": _INSTANT,
    "won_event_id": sa.Uuid(),
    "cancel_reason": sa.Text(),
    "cancel_note": sa.Text(),
    "cancelled_by": sa.Text(),
    "cancelled_at": _INSTANT,
}


def _widen_sales() -> None:
    op.add_column("sale", sa.Column("number", sa.SmallInteger(), server_default="1", nullable=False))
    for name, type_ in _OF_SALE.items():
        op.add_column("sale", sa.Column(name, type_, nullable=True))
    op.drop_constraint("pk_sale", "sale", type_="primary")
    op.create_primary_key("pk_sale", "sale", ["dealer_id", "lead_id", "number"])


def _add_intake() -> None:
    op.create_table(
        "intake_source",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("signing", sa.Text(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("secrets", postgresql.JSONB(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("updated_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_intake_source")),
    )
    op.create_index("ux_intake_source_id", "intake_source", ["id"], unique=True)
    op.create_table(
        "intake_mapping",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "source_id", "version", name=op.f("pk_intake_mapping")),
    )
    op.create_table(
        "intake_delivery",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("results", postgresql.JSONB(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "source_id", "delivery_id", name=op.f("pk_intake_delivery")),
    )
    op.create_index("ix_intake_delivery_received_at", "intake_delivery", ["received_at"], unique=False)
    op.create_table(
        "intake_rejection",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("mapping_version", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_intake_rejection")),
    )
    op.create_index("ix_intake_rejection_source", "intake_rejection", ["dealer_id", "source_id", "id"], unique=False)
    op.create_index("ix_intake_rejection_expires_at", "intake_rejection", ["expires_at"], unique=False)
