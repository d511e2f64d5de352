"""Open leads of one dealer, spread over its advisors, some of them due."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from benchmarks.leads.bare_apis import DEALER

ADVISORS = 500
CHUNK = 10_000
"""Leads in one statement: each goes into a score of indexes, and a statement has its time."""

_LEADS = """
INSERT INTO lead (dealer_id, id, store_id, advisor_id, channel, source_system, name, phone, phone_is_relay, locale,
                  time_zone, consents, make, model, budget_cents, grade, stage, touches, next_contact_at,
                  follow_up_missed, captured_at, respond_by, responded_at, response_minutes, ranked_at)
SELECT :dealer_id, uuidv7(make_interval(secs => -6 * (:count - i))), :dealer_id,
       ('0199d3a0-0000-7000-8000-' || lpad(to_hex(i % :advisors), 12, '0'))::uuid, 'website', 'website',
       chr(19968 + i % 97 * 89) || chr(20000 + i / 97 % 1999) || chr(22000 + i % 1009),
       '+861' || 3000000000 + i, false, 'zh-CN', 'Asia/Shanghai', '[]', 'BYD', 'Seal', 20000000, grade, 'contacted', 1,
       due_at, due_at < now(), captured_at, captured_at + interval '30 minutes', captured_at + interval '10 minutes',
       10, due_at - interval '24 hours' * log(2.0, weight::numeric)::float8
FROM (SELECT i, (ARRAY['h', 'a', 'b', 'c'])[1 + i / 7 % 4] AS grade,
             (ARRAY[9.6, 4.8, 2.4, 1.2])[1 + i / 7 % 4] AS weight,
             now() + make_interval(mins => i / :advisors * 7919 % 14400 - 2880) AS due_at,
             now() - make_interval(days => i % 90 + 1) AS captured_at
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) i) AS made
"""


async def open_leads(engine: AsyncEngine, count: int) -> None:
    """Have so many open leads. Every advisor has as many, and a fifth of them are overdue."""
    asked = {"dealer_id": DEALER, "count": count, "advisors": ADVISORS}
    for first in range(0, count, CHUNK):
        async with engine.begin() as connection:
            await connection.execute(text(_LEADS), {**asked, "first": first, "last": min(first + CHUNK, count) - 1})
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE lead"))


def advisor(number: int) -> UUID:
    """One of the advisors."""
    return UUID(f"0199d3a0-0000-7000-8000-{number % ADVISORS:012x}")
