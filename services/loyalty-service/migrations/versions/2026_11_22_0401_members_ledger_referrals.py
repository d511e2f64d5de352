"""Members, the ledger, vouchers and referrals."""

import sqlalchemy as sa
from alembic import op

revision = "43777e392157"
down_revision = None
branch_labels = ("loyalty_service",)
depends_on = None

APPEND_ONLY = ("ledger_entry", "movement")
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: no % of %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$
"""


def upgrade() -> None:
    """Bring the schema one step forward."""
    op.create_table(
        "award",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("source_event_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'active') = (remaining > 0)", name=op.f("ck_award_state")),
        sa.CheckConstraint("points > 0", name=op.f("ck_award_points")),
        sa.CheckConstraint("remaining BETWEEN 0 AND points", name=op.f("ck_award_remaining")),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_award")),
        sa.UniqueConstraint("dealer_id", "programme", "source_event_id", "rule", "customer_id", name="uq_award_fact"),
    )
    op.create_index("ix_award_due", "award", ["expires_at"], unique=False, postgresql_where=sa.text("state = 'active'"))
    op.create_index(
        "ix_award_lots",
        "award",
        ["dealer_id", "customer_id", "expires_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "ix_award_pending",
        "award",
        ["dealer_id", "customer_id"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=True),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_ledger_entry_balance")),
        sa.PrimaryKeyConstraint("dealer_id", "customer_id", "number", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("dealer_id", "id", name=op.f("uq_ledger_entry_dealer_id_id")),
    )
    op.create_table(
        "member",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("review_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_member_balance")),
        sa.PrimaryKeyConstraint("dealer_id", "customer_id", name=op.f("pk_member")),
    )
    op.create_index(
        "ix_member_review_at", "member", ["review_at"], unique=False, postgresql_where=sa.text("review_at IS NOT NULL")
    )
    op.create_table(
        "party",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("contact_known", sa.Boolean(), nullable=False),
        sa.Column("phone_hashes", sa.ARRAY(sa.LargeBinary()), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "party_id", name=op.f("pk_party")),
    )
    op.create_table(
        "purchase",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("won_event_id", sa.Uuid(), nullable=True),
        sa.Column("won_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vin", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_registered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "lead_id", name=op.f("pk_purchase")),
    )
    op.create_index("ix_purchase_customer", "purchase", ["dealer_id", "customer_id"], unique=False)
    op.create_table(
        "referral",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("source_event_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("referrer_id", sa.Uuid(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("voucher_kind", sa.Text(), nullable=False),
        sa.Column("voucher_value_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=True),
        sa.Column("referee_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("qualified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pay_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("causation_id", sa.Uuid(), nullable=True),
        sa.Column("correlation_id", sa.Uuid(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_referral")),
        sa.UniqueConstraint("dealer_id", "lead_id", name=op.f("uq_referral_dealer_id_lead_id")),
    )
    op.create_index("ix_referral_due", "referral", ["pay_at"], unique=False, postgresql_where=sa.text("state = 'held'"))
    op.create_index("ix_referral_referrer", "referral", ["dealer_id", "referrer_id", "id"], unique=False)
    op.create_table(
        "referral_code",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "code", name=op.f("pk_referral_code")),
        sa.UniqueConstraint("dealer_id", "customer_id", name=op.f("uq_referral_code_dealer_id_customer_id")),
    )
    op.create_table(
        "tier_activity",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("source_event_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "source_event_id", "customer_id", "kind", name=op.f("pk_tier_activity")),
    )
    op.create_index(
        "ix_tier_activity_window", "tier_activity", ["dealer_id", "customer_id", "occurred_at"], unique=False
    )
    op.create_table(
        "vehicle_owner",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("vin", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("dealer_id", "vin", "customer_id", name=op.f("pk_vehicle_owner")),
    )
    op.create_table(
        "voucher",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value_cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redeemed_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("dealer_id", "id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("dealer_id", "code", name=op.f("uq_voucher_dealer_id_code")),
        sa.UniqueConstraint(
            "dealer_id",
            "source",
            "source_id",
            "customer_id",
            name=op.f("uq_voucher_dealer_id_source_source_id_customer_id"),
        ),
    )
    op.create_index("ix_voucher_customer", "voucher", ["dealer_id", "customer_id", "id"], unique=False)
    op.create_table(
        "movement",
        sa.Column("dealer_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("award_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_movement_points")),
        sa.CheckConstraint("source <> destination", name=op.f("ck_movement_accounts")),
        sa.ForeignKeyConstraint(
            ["dealer_id", "award_id"], ["award.dealer_id", "award.id"], name=op.f("fk_movement_dealer_id_award_id")
        ),
        sa.ForeignKeyConstraint(
            ["dealer_id", "entry_id"],
            ["ledger_entry.dealer_id", "ledger_entry.id"],
            name=op.f("fk_movement_dealer_id_entry_id"),
        ),
        sa.PrimaryKeyConstraint("dealer_id", "entry_id", "award_id", name=op.f("pk_movement")),
    )
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger()"
        )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("movement")
    op.drop_index("ix_voucher_customer", table_name="voucher")
    op.drop_table("voucher")
    op.drop_table("vehicle_owner")
    op.drop_index("ix_tier_activity_window", table_name="tier_activity")
    op.drop_table("tier_activity")
    op.drop_table("referral_code")
    op.drop_index("ix_referral_referrer", table_name="referral")
    op.drop_index("ix_referral_due", table_name="referral", postgresql_where=sa.text("state = 'held'"))
    op.drop_table("referral")
    op.drop_index("ix_purchase_customer", table_name="purchase")
    op.drop_table("purchase")
    op.drop_table("party")
    op.drop_index("ix_member_review_at", table_name="member", postgresql_where=sa.text("review_at IS NOT NULL"))
    op.drop_table("member")
    op.drop_table("ledger_entry")
    op.drop_index("ix_award_pending", table_name="award", postgresql_where=sa.text("state = 'pending'"))
    op.drop_index("ix_award_lots", table_name="award", postgresql_where=sa.text("state = 'active'"))
    op.drop_index("ix_award_due", table_name="award", postgresql_where=sa.text("state = 'active'"))
    op.drop_table("award")
    op.execute("DROP FUNCTION refuse_change_of_ledger")
