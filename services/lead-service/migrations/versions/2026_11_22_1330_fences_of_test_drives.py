"""A lead has one test drive at a time, and a car one that is under way; bookings know where they found their leads."""

import sqlalchemy as sa
from alembic import op

revision = "e1850c7a3f46"
down_revision = "c6e02b9d57f1"
branch_labels = None
depends_on = None

_COMPLETE_OLDER = """
UPDATE test_drive AS older SET state = 'completed', ended_at = now(), version = version + 1
WHERE state = 'started' AND EXISTS (
    SELECT FROM test_drive AS newer
    WHERE newer.dealer_id = older.dealer_id AND newer.demo_car_id = older.demo_car_id AND newer.state = 'started'
      AND (newer.started_at, newer.id) > (older.started_at, older.id)
)
"""
_NAME_LEADS = """
UPDATE demo_car_slot AS slot SET lead_id = drive.lead_id
FROM test_drive AS drive WHERE drive.dealer_id = slot.dealer_id AND drive.id = slot.test_drive_id
"""
_KEEP_FIRST_CAR = """
DELETE FROM demo_car_slot AS slot USING demo_car_slot AS other
WHERE other.dealer_id = slot.dealer_id AND other.lead_id = slot.lead_id AND other.starts_at = slot.starts_at
  AND other.test_drive_id < slot.test_drive_id
"""


def upgrade() -> None:
    """Bring the schema one step forward. Bookings so far found their leads where they were put back: at `contacted`."""
    op.add_column("test_drive", sa.Column("from_stage", sa.Text(), server_default="contacted", nullable=False))
    op.alter_column("test_drive", "from_stage", server_default=None)
    op.execute(_COMPLETE_OLDER)
    op.create_index("ix_test_drive_agenda", "test_drive", ["dealer_id", "store_id", "starts_at", "id"], unique=False)
    op.create_index(
        "ix_test_drive_open",
        "test_drive",
        ["starts_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('booked', 'started')"),
    )
    op.create_index(
        "ux_test_drive_under_way",
        "test_drive",
        ["dealer_id", "demo_car_id"],
        unique=True,
        postgresql_where=sa.text("state = 'started'"),
    )
    _fence_leads()


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ux_demo_car_slot_lead", table_name="demo_car_slot")
    op.drop_column("demo_car_slot", "lead_id")
    for name in ("ux_test_drive_under_way", "ix_test_drive_open", "ix_test_drive_agenda"):
        op.drop_index(name, table_name="test_drive")
    op.drop_column("test_drive", "from_stage")


def _fence_leads() -> None:
    op.add_column("demo_car_slot", sa.Column("lead_id", sa.Uuid(), nullable=True))
    op.execute(_NAME_LEADS)
    op.execute(_KEEP_FIRST_CAR)
    op.alter_column("demo_car_slot", "lead_id", nullable=False)
    op.create_index("ux_demo_car_slot_lead", "demo_car_slot", ["dealer_id", "lead_id", "starts_at"], unique=True)
