"""A name is found by each of its words and signs; closings from before steps were kept are steps as well."""

from alembic import op

revision = "7d30b6e4c581"
down_revision = "5d7c1e90b2a4"
branch_labels = None
depends_on = None

_SIGN = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
"""Signs that are words by themselves: Chinese, Japanese and Korean ones."""

_NAME_TERMS = rf"""
CREATE FUNCTION name_terms(dealer_id uuid, name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(
    normalize(name, NFKC), '([{_SIGN}]|[^{_SIGN}\s!-/:-@[-`{{-~]+)', ' d' || right(dealer_id::text, 5) || '\1 ', 'g'
)
"""
"""The words and signs of a name, each behind what marks its dealer, so that one index keeps dealers apart."""

_INDEX = """
CREATE INDEX ix_lead_name_terms ON lead USING gin (to_tsvector('simple', name_terms(dealer_id, name)))
WITH (gin_pending_list_limit = 1024)
"""
_NAME_KEY = "replace(lower(normalize(name, NFKC)), ' ', '')"

_KEEP_DEFEATS = """
INSERT INTO stage_change (dealer_id, id, lead_id, from_stage, to_stage, changed_by, changed_at)
SELECT dealer_id, uuidv7(defeated_at - now()), lead_id, stage, 'defeated', 'lead-service', defeated_at
FROM defeat WHERE NOT EXISTS (
    SELECT FROM stage_change AS known
    WHERE known.dealer_id = defeat.dealer_id AND known.lead_id = defeat.lead_id AND known.to_stage = 'defeated'
)
"""
_KEEP_SALES = """
INSERT INTO stage_change (dealer_id, id, lead_id, from_stage, to_stage, changed_by, changed_at)
SELECT dealer_id, uuidv7(won_at - now()), lead_id, stage, 'won', 'lead-service', won_at
FROM sale WHERE stage IS NOT NULL AND won_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM stage_change AS known
    WHERE known.dealer_id = sale.dealer_id AND known.lead_id = sale.lead_id AND known.to_stage = 'won'
)
"""


def upgrade() -> None:
    """Bring the schema one step forward. Of a sale whose stage before was not kept, no step is made up."""
    op.execute(_KEEP_DEFEATS)
    op.execute(_KEEP_SALES)
    op.drop_index("ix_lead_name", table_name="lead")
    op.get_bind().exec_driver_sql(_NAME_TERMS)
    op.execute(_INDEX)


def downgrade() -> None:
    """Take the step back. The steps stay."""
    op.drop_index("ix_lead_name_terms", table_name="lead")
    op.execute("DROP FUNCTION name_terms")
    op.execute(f"CREATE INDEX ix_lead_name ON lead (dealer_id, ({_NAME_KEY}) text_pattern_ops)")
