"""Room beside a stream head, for it to count up without its index."""

from alembic import op

revision = "platform_0004"
down_revision = "platform_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema one step forward. Pages that are full stay so until they are rewritten."""
    op.execute("ALTER TABLE stream_head SET (fillfactor = 80)")


def downgrade() -> None:
    """Take the step back."""
    op.execute("ALTER TABLE stream_head RESET (fillfactor)")
