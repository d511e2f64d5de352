"""What ties customers to the dealer, and the warnings that hold."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import KEYS, arrays, insert_of, key_arrays
from customer_service.db.tables import ChurnRow, MissedFirstServiceRow
from customer_service.domain.churn import Attachment, ChurnWarning, Reason, Strategy
from customer_service.domain.customers import Key

_ADD_MISSED = insert_of(MissedFirstServiceRow.__table__, "ON CONFLICT DO NOTHING")
_PUT = insert_of(
    ChurnRow.__table__,
    """ON CONFLICT (dealer_id, customer_id) DO UPDATE SET reasons = excluded.reasons, strategy = excluded.strategy,
       warned_at = excluded.warned_at, review_at = excluded.review_at""",
)
_LOCK = text(f"""
SELECT customer.dealer_id, customer.customer_id, customer.store_id, customer.registered_at,
    churn.reasons, churn.strategy, churn.warned_at, churn.customer_id IS NOT NULL AS is_kept,
    (SELECT array_agg(completed_at ORDER BY completed_at DESC) FROM (
        SELECT completed_at FROM visit
        WHERE visit.dealer_id = customer.dealer_id AND visit.customer_id = customer.customer_id
        ORDER BY completed_at DESC LIMIT 10
     ) AS newest) AS visits,
    (SELECT min(opened_at) FROM complaint
     WHERE complaint.dealer_id = customer.dealer_id AND complaint.customer_id = customer.customer_id
       AND resolved_at IS NULL) AS complaint_since,
    (SELECT min(missed_at) FROM missed_first_service AS missed JOIN vehicle USING (dealer_id, vehicle_id)
     WHERE vehicle.dealer_id = customer.dealer_id AND vehicle.customer_id = customer.customer_id
       AND missed.missed_at >= vehicle.purchased_on
       AND NOT EXISTS (
           SELECT FROM visit WHERE visit.dealer_id = customer.dealer_id AND visit.customer_id = customer.customer_id
                               AND visit.vehicle_id = missed.vehicle_id)) AS first_service_missed_at
FROM customer
JOIN {KEYS} ON customer.dealer_id = key.dealer_id AND customer.customer_id = key.id
LEFT JOIN churn ON churn.dealer_id = customer.dealer_id AND churn.customer_id = customer.customer_id
ORDER BY customer.dealer_id, customer.customer_id FOR UPDATE OF customer
""")
_DUE = text("""
SELECT customer.dealer_id, customer.customer_id FROM churn JOIN customer USING (dealer_id, customer_id)
WHERE churn.review_at <= :now ORDER BY churn.review_at LIMIT :limit FOR UPDATE OF customer SKIP LOCKED
""")
_FIND = text("SELECT * FROM churn WHERE dealer_id = :dealer_id AND customer_id = :customer_id AND strategy IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Watched:
    """A customer, what ties them to the dealer, and the warning that held so far."""

    dealer_id: UUID
    customer_id: UUID
    store_id: UUID
    attachment: Attachment
    warning: ChurnWarning | None
    warned_at: datetime | None
    is_kept: bool
    """Whether something about the customer is stored already."""

    @property
    def key(self) -> Key:
        """The dealer and the customer."""
        return self.dealer_id, self.customer_id


@dataclass(frozen=True, slots=True)
class Decided:
    """A customer's warning from now on, if one holds, and when time alone may change it."""

    key: Key
    warning: ChurnWarning | None
    warned_at: datetime | None
    review_at: datetime | None


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning and since when it holds."""

    warning: ChurnWarning
    warned_at: datetime


async def add_missed_first_services(session: AsyncSession, missed: Iterable[tuple[Key, datetime]]) -> None:
    """Keep, for each vehicle, when its first service was first told to be overdue."""
    rows = [{"dealer_id": dealer, "vehicle_id": vehicle, "missed_at": at} for (dealer, vehicle), at in missed]
    await session.execute(_ADD_MISSED, arrays(rows))


async def lock(session: AsyncSession, customers: Iterable[Key]) -> list[Watched]:
    """Return those of the customers that exist, locked."""
    return [_watched_of(row) for row in await session.execute(_LOCK, key_arrays(customers))]


async def put(session: AsyncSession, decided: Sequence[Decided]) -> None:
    """Store what was decided."""
    rows = [
        {
            "dealer_id": d.key[0],
            "customer_id": d.key[1],
            "reasons": json.dumps(d.warning.reasons if d.warning else []),
            "strategy": d.warning and d.warning.strategy,
            "warned_at": d.warned_at,
            "review_at": d.review_at,
        }
        for d in decided
    ]
    if rows:
        await session.execute(_PUT, arrays(rows))


async def claim_due_for_review(session: AsyncSession, *, now: datetime, limit: int) -> list[Key]:
    """Return, locked, customers whose warning time may have changed; what another worker holds is left to it."""
    rows = await session.execute(_DUE, {"now": now, "limit": limit})
    return [(row.dealer_id, row.customer_id) for row in rows]


async def warning_of(session: AsyncSession, customer: Key) -> Warned | None:
    """Return the warning of a customer, if one holds."""
    row = (await session.execute(_FIND, {"dealer_id": customer[0], "customer_id": customer[1]})).one_or_none()
    return None if row is None else Warned(_warning_of(row), row.warned_at)


def _watched_of(row: Any) -> Watched:
    attachment = Attachment(
        row.registered_at, tuple(row.visits or ()), row.complaint_since, row.first_service_missed_at
    )
    warning = _warning_of(row) if row.strategy else None
    return Watched(row.dealer_id, row.customer_id, row.store_id, attachment, warning, row.warned_at, row.is_kept)


def _warning_of(row: Any) -> ChurnWarning:
    reasons = json.loads(row.reasons) if isinstance(row.reasons, str) else row.reasons
    return ChurnWarning(tuple(Reason(reason) for reason in reasons), Strategy(row.strategy))
