"""Leads that a dealer lost, and a signal that answers some of them."""

from datetime import UTC, datetime
from uuid import UUID

from baoke_events.ids import uuid7
from lead_service.domain.signal import MarketSignal, SignalKind
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

DEALER = UUID("0199d3a0-0000-7000-8000-0000000000d1")
MODELS = ("Seal", "Dolphin", "Han", "Tang", "Song")
MIXED_PERCENT = 6
"""Of mixed leads, those that a price cut of one model speaks to: five models, three of ten lost for the price."""

_LEADS = """
INSERT INTO lead (dealer_id, id, store_id, channel, source_system, name, phone, phone_is_relay, locale, time_zone,
                  consents, make, model, grade, stage, touches, follow_up_missed, captured_at, closed_at)
SELECT :dealer_id, uuidv7(make_interval(secs => -20 * (CAST(:count AS bigint) - i))), :dealer_id, 'website', 'website',
       'Li Na', '+861' || 9000000000 + i, false, 'zh-CN', 'Asia/Shanghai', '[]', 'BYD',
       CASE WHEN :same THEN 'Seal' ELSE (ARRAY['Seal', 'Dolphin', 'Han', 'Tang', 'Song'])[1 + i % 5] END,
       (ARRAY['h', 'a', 'b', 'c'])[1 + i % 4], 'defeated', 1, false, now() - make_interval(days => (i % 600 + 1)::int),
       now() - make_interval(days => (i % 600)::int)
FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) i
"""
_DEFEATS = """
INSERT INTO defeat (dealer_id, lead_id, store_id, reason, stage, grade, make, model, model_key, phone, captured_at,
                    defeated_at)
SELECT dealer_id, id, store_id,
       CASE WHEN :same THEN 'price'
            ELSE (ARRAY['price', 'price', 'price', 'configuration', 'delivery_time', 'competitor', 'finance', 'no_need',
                        'unreachable', 'unknown'])[1 + (right(phone, 10)::bigint / 5) % 10] END,
       'new', grade, make, model, 'byd|' || lower(model), phone, captured_at, closed_at
FROM lead {made}
"""
_HEADS = """
INSERT INTO stream_head (topic, key, sequence) SELECT 'baoke.leads', id::text, 3 FROM lead {made}
"""
_MADE = """WHERE dealer_id = :dealer_id AND NOT phone_is_relay
  AND phone BETWEEN '+861' || 9000000000 + CAST(:first AS bigint) AND '+861' || 9000000000 + CAST(:last AS bigint)"""
AT_ONCE = 50_000
"""Leads that one transaction makes."""

RESET = (
    "TRUNCATE reactivation, outbox, market_signal",
    "UPDATE defeat SET attempts = 0, last_attempt_at = NULL WHERE attempts > 0",
)
SETTLE = ("VACUUM ANALYZE lead", "VACUUM ANALYZE defeat", "VACUUM ANALYZE stream_head", "CHECKPOINT")


async def lose_leads(engine: AsyncEngine, count: int, *, same: bool) -> None:
    """Have so many lost leads of one dealer: of five models and all reasons, or all alike. Made once a database."""
    async with engine.connect() as connection:
        if await connection.scalar(text("SELECT true FROM lead LIMIT 1")):
            return
    for first in range(1, count + 1, AT_ONCE):
        made = {"dealer_id": DEALER, "first": first, "last": min(first + AT_ONCE - 1, count)}
        async with engine.begin() as connection:
            await connection.execute(text(_LEADS), {**made, "count": count, "same": same})
            await connection.execute(text(_DEFEATS.format(made=_MADE)), {**made, "same": same})
            await connection.execute(text(_HEADS.format(made=_MADE)), made)


async def forget_signals(engine: AsyncEngine) -> None:
    """Nobody has been approached."""
    async with engine.begin() as connection:
        for statement in RESET:
            await connection.execute(text(statement))
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        for statement in SETTLE:
            await connection.execute(text(statement))


def price_cut(model: str = "Seal") -> MarketSignal:
    """A car that they asked for costs less."""
    now = datetime.now(UTC)
    return MarketSignal(
        id=uuid7(),
        dealer_id=DEALER,
        kind=SignalKind.PRICE_CUT,
        make="BYD",
        model=model,
        trim=None,
        price_from_cents=20_180_000,
        price_to_cents=18_980_000,
        competitor=None,
        valid_until=None,
        note=None,
        received_at=now,
    )
