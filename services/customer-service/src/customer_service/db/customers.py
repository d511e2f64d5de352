"""Customers: who they are, and where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import KEYS, arrays, insert_of, key_arrays
from customer_service.db.tables import CustomerRow
from customer_service.domain.customers import Contact, Customer, Key
from customer_service.domain.segments import Segment

COLUMNS = """
customer.dealer_id, customer.customer_id, customer.store_id, customer.name, customer.phone, customer.phone_is_relay,
customer.email, customer.wecom_id, customer.locale, customer.time_zone, customer.birthday, customer.registered_at
"""

_INSERT = insert_of(
    CustomerRow.__table__,
    "ON CONFLICT (dealer_id, phone) WHERE NOT phone_is_relay DO NOTHING RETURNING dealer_id, customer_id",
    without=("segment", "segment_review_at"),
)
_BY_PHONE = text(f"""
SELECT {COLUMNS} FROM customer
JOIN unnest(CAST(:dealers AS uuid[]), CAST(:phones AS text[])) AS wanted (dealer_id, phone) USING (dealer_id, phone)
WHERE NOT phone_is_relay ORDER BY customer.dealer_id, customer.customer_id FOR UPDATE OF customer
""")
_LOCK = text(f"""
SELECT {COLUMNS} FROM customer
JOIN {KEYS} ON customer.dealer_id = key.dealer_id AND customer.customer_id = key.id
ORDER BY customer.dealer_id, customer.customer_id FOR UPDATE OF customer
""")
_COMPLETE = text("""
UPDATE customer
SET email = coalesce(customer.email, found.email), wecom_id = coalesce(customer.wecom_id, found.wecom_id)
FROM unnest(CAST(:dealers AS uuid[]), CAST(:ids AS uuid[]), CAST(:emails AS text[]), CAST(:wecom_ids AS text[]))
     AS found (dealer_id, customer_id, email, wecom_id)
WHERE customer.dealer_id = found.dealer_id AND customer.customer_id = found.customer_id
""")
_SEGMENTS = text(f"""
SELECT customer.dealer_id, customer.customer_id, customer.store_id, customer.segment FROM customer
JOIN {KEYS} ON customer.dealer_id = key.dealer_id AND customer.customer_id = key.id
ORDER BY customer.dealer_id, customer.customer_id FOR UPDATE OF customer
""")
_SET_SEGMENTS = text("""
UPDATE customer SET segment = decided.segment, segment_review_at = decided.review_at
FROM unnest(
    CAST(:dealers AS uuid[]), CAST(:ids AS uuid[]), CAST(:segments AS text[]), CAST(:review_ats AS timestamptz[])
) AS decided (dealer_id, customer_id, segment, review_at)
WHERE customer.dealer_id = decided.dealer_id AND customer.customer_id = decided.customer_id
""")
_DUE = text("""
SELECT dealer_id, customer_id FROM customer WHERE segment_review_at <= :now
ORDER BY segment_review_at LIMIT :limit FOR UPDATE SKIP LOCKED
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """The segment a customer is in before it is decided again."""

    dealer_id: UUID
    customer_id: UUID
    store_id: UUID
    segment: Segment

    @property
    def key(self) -> Key:
        """The dealer and the customer."""
        return self.dealer_id, self.customer_id


async def insert_new(session: AsyncSession, customers: Iterable[Customer]) -> set[Key]:
    """Add those customers whose phone nobody of the dealer has, and return their keys.

    A phone that another transaction is registering is waited for.
    """
    ordered = sorted(customers, key=lambda c: (c.dealer_id, c.contact.phone or "", c.customer_id))
    rows = await session.execute(_INSERT, arrays([_columns(customer) for customer in ordered]))
    return {(row.dealer_id, row.customer_id) for row in rows}


async def lock_by_phone(session: AsyncSession, phones: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], Customer]:
    """Return the customers who have these phones, by dealer and phone, locked."""
    wanted = sorted(set(phones))
    if not wanted:
        return {}
    found = {"dealers": [dealer for dealer, _ in wanted], "phones": [phone for _, phone in wanted]}
    return {(row.dealer_id, row.phone): customer_of(row) for row in await session.execute(_BY_PHONE, found)}


async def lock(session: AsyncSession, keys: Iterable[Key]) -> dict[Key, Customer]:
    """Return those of the customers that exist, locked."""
    return {
        (row.dealer_id, row.customer_id): customer_of(row) for row in await session.execute(_LOCK, key_arrays(keys))
    }


async def complete(session: AsyncSession, contacts: Mapping[Key, Contact]) -> None:
    """Fill e-mail addresses and WeCom ids that were not known."""
    await session.execute(
        _COMPLETE,
        {
            "dealers": [dealer for dealer, _ in contacts],
            "ids": [id_ for _, id_ in contacts],
            "emails": [contact.email for contact in contacts.values()],
            "wecom_ids": [contact.wecom_id for contact in contacts.values()],
        },
    )


async def lock_standings(session: AsyncSession, keys: Iterable[Key]) -> list[Standing]:
    """Return where those of the customers that exist stand, locked."""
    rows = await session.execute(_SEGMENTS, key_arrays(keys))
    return [Standing(row.dealer_id, row.customer_id, row.store_id, Segment(row.segment)) for row in rows]


async def set_segments(session: AsyncSession, decided: Sequence[tuple[Key, Segment, datetime | None]]) -> None:
    """Store each customer's segment and when time alone may change it."""
    await session.execute(
        _SET_SEGMENTS,
        {
            "dealers": [key[0] for key, _, _ in decided],
            "ids": [key[1] for key, _, _ in decided],
            "segments": [segment for _, segment, _ in decided],
            "review_ats": [review_at for _, _, review_at in decided],
        },
    )


async def claim_due_for_review(session: AsyncSession, *, now: datetime, limit: int) -> list[Key]:
    """Return, locked, customers whose segment time may have changed; what another worker holds is left to it."""
    rows = await session.execute(_DUE, {"now": now, "limit": limit})
    return [(row.dealer_id, row.customer_id) for row in rows]


def customer_of(row: Any) -> Customer:
    """Return the customer in a row of `COLUMNS`."""
    contact = Contact(row.name, row.phone, row.phone_is_relay, row.email, row.wecom_id, row.locale, row.time_zone)
    return Customer(row.dealer_id, row.customer_id, row.store_id, contact, row.birthday, row.registered_at)


def _columns(customer: Customer) -> dict[str, Any]:
    columns = asdict(customer)
    return {**columns.pop("contact"), **columns}
