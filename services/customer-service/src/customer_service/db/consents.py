"""Consent statements: added, never changed; the latest of a purpose and channel holds."""

import operator
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

from baoke_events.ids import uuid7
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import KEYS, arrays, insert_of, key_arrays
from customer_service.db.tables import ConsentRow
from customer_service.domain.consents import State, Statement
from customer_service.domain.customers import Key

_ADD = insert_of(ConsentRow.__table__)
_STATE = text(f"""
SELECT DISTINCT ON (s.dealer_id, s.customer_id, s.purpose, s.channel) s.*
FROM consent_statement s JOIN {KEYS} ON s.dealer_id = key.dealer_id AND s.customer_id = key.id
ORDER BY s.dealer_id, s.customer_id, s.purpose, s.channel, s.stated_at DESC, s.granted
""")


async def add(session: AsyncSession, statements: Mapping[Key, Sequence[Statement]]) -> None:
    """Add what customers stated."""
    rows = [
        {"dealer_id": dealer, "customer_id": customer, "statement_id": uuid7(), **asdict(statement)}
        for (dealer, customer), stated in statements.items()
        for statement in stated
    ]
    if rows:
        await session.execute(_ADD, arrays(rows))


async def states(session: AsyncSession, keys: Iterable[Key]) -> dict[Key, State]:
    """Return what holds of each customer who ever stated something."""
    found: dict[Key, dict[tuple[str, str], Statement]] = defaultdict(dict)
    fields = operator.attrgetter(*Statement.__slots__)
    for row in await session.execute(_STATE, key_arrays(keys)):
        found[row.dealer_id, row.customer_id][row.purpose, row.channel] = Statement(*fields(row))
    return dict(found)
