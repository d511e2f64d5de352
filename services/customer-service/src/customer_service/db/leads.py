"""Leads, as far as they concern customers.

Contact and sale of a lead arrive on different topics, so possibly at the same time in two
transactions. Both write the same row; the one that comes second waits for the first and
sees what it wrote, and so finds the lead complete.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.db.arrays import KEYS, arrays, insert_of, key_arrays
from customer_service.db.tables import LeadOptOutRow, LeadRow
from customer_service.domain.customers import Contact, Key
from customer_service.domain.leads import Buyer, LeadContact, OptOut, Sale, UndoneSale

_CONTACT = ("name", "phone", "phone_is_relay", "email", "wecom_id", "locale", "time_zone")
_OF_CONTACT = ("contact_sequence", "contact_at", *_CONTACT, "consents")
_OF_SALE = (
    "store_id",
    "vin",
    "make",
    "model",
    "trim",
    "powertrain",
    "odometer_km",
    "sold_at",
    "sale_number",
    "trade_in_vin",
)
_OF_REGISTRATION = ("cancelled_sale", "registered_sale", "customer_id")


def _replacing(columns: Sequence[str]) -> str:
    """Return the clause that replaces these columns of a lead that is known."""
    assignments = ", ".join(f"{column} = excluded.{column}" for column in columns)
    return f"ON CONFLICT (dealer_id, lead_id) DO UPDATE SET {assignments}"


_PUT_CONTACTS = insert_of(
    LeadRow.__table__,
    f"{_replacing(_OF_CONTACT)} WHERE coalesce(lead.contact_sequence, -1) < excluded.contact_sequence",
    without=(*_OF_SALE, *_OF_REGISTRATION),
)
_PUT_SALES = insert_of(
    LeadRow.__table__,
    f"{_replacing(_OF_SALE)} WHERE lead.sold_at IS NULL OR lead.sale_number < excluded.sale_number",
    without=(*_OF_CONTACT, *_OF_REGISTRATION),
)
_BUYERS = text(f"""
SELECT lead.* FROM lead JOIN {KEYS} ON lead.dealer_id = key.dealer_id AND lead.lead_id = key.id
WHERE lead.sold_at IS NOT NULL AND lead.contact_at IS NOT NULL AND lead.sale_number > lead.cancelled_sale
  AND lead.sale_number > coalesce(lead.registered_sale, (lead.customer_id IS NOT NULL)::int)
ORDER BY lead.dealer_id, lead.lead_id FOR UPDATE OF lead
""")
_BECOME = text("""
UPDATE lead SET customer_id = b.customer_id, registered_sale = lead.sale_number
FROM unnest(CAST(:dealers AS uuid[]), CAST(:leads AS uuid[]), CAST(:customers AS uuid[]))
     AS b (dealer_id, lead_id, customer_id)
WHERE lead.dealer_id = b.dealer_id AND lead.lead_id = b.lead_id
""")
_CANCEL = text("""
INSERT INTO lead AS l (dealer_id, lead_id, cancelled_sale)
SELECT * FROM unnest(CAST(:dealers AS uuid[]), CAST(:leads AS uuid[]), CAST(:sales AS smallint[]))
ON CONFLICT (dealer_id, lead_id) DO UPDATE SET cancelled_sale = greatest(l.cancelled_sale, excluded.cancelled_sale)
""")
_TOUCH = text("""
INSERT INTO lead AS l (dealer_id, lead_id) SELECT * FROM unnest(CAST(:dealers AS uuid[]), CAST(:ids AS uuid[]))
ON CONFLICT (dealer_id, lead_id) DO UPDATE SET lead_id = l.lead_id RETURNING dealer_id, lead_id, customer_id
""")
_ADD_OPT_OUTS = insert_of(
    LeadOptOutRow.__table__,
    """ON CONFLICT (dealer_id, lead_id, purpose, channel) DO UPDATE
       SET stated_at = greatest(lead_opt_out.stated_at, excluded.stated_at)""",
)
_OPT_OUTS = text(f"""
SELECT o.* FROM lead_opt_out o JOIN {KEYS} ON o.dealer_id = key.dealer_id AND o.lead_id = key.id
""")


async def put_contacts(session: AsyncSession, contacts: Iterable[LeadContact]) -> None:
    """Keep the newest contact of each lead; leads are named once."""
    rows = [
        {
            "dealer_id": contact.dealer_id,
            "lead_id": contact.lead_id,
            "contact_sequence": contact.sequence,
            "contact_at": contact.stated_at,
            **asdict(contact.contact),
            "consents": json.dumps(contact.consents),
        }
        for contact in sorted(contacts, key=lambda contact: contact.key)
    ]
    await session.execute(_PUT_CONTACTS, arrays(rows))


async def put_sales(session: AsyncSession, sales: Iterable[Sale]) -> None:
    """Keep each lead's newest sale, as it was told first; leads are named once."""
    await session.execute(_PUT_SALES, arrays([asdict(sale) for sale in sorted(sales, key=lambda sale: sale.key)]))


async def cancel_sales(session: AsyncSession, undone: Iterable[UndoneSale]) -> None:
    """Keep up to which sale each lead's were undone, and lock the leads; leads are named once."""
    ordered = sorted(undone, key=lambda sale: sale.key)
    await session.execute(
        _CANCEL,
        {
            "dealers": [sale.dealer_id for sale in ordered],
            "leads": [sale.lead_id for sale in ordered],
            "sales": [sale.sale_number for sale in ordered],
        },
    )


async def lock_buyers(session: AsyncSession, keys: Iterable[Key]) -> list[Buyer]:
    """Return, locked, those of the leads whose contact and sale are known, and whose sale is not registered yet."""
    return [_buyer_of(row) for row in await session.execute(_BUYERS, key_arrays(keys))]


async def become(session: AsyncSession, customers: Mapping[Key, Key]) -> None:
    """Store which customer each lead became."""
    await session.execute(
        _BECOME,
        {
            "dealers": [dealer for dealer, _ in customers],
            "leads": [lead for _, lead in customers],
            "customers": [customer for _, customer in customers.values()],
        },
    )


async def add_opt_outs(session: AsyncSession, opt_outs: Sequence[OptOut]) -> dict[Key, Key]:
    """Keep withdrawals of leads, and return the customers that some of the leads have become.

    The leads' rows are locked, so that a registration going on elsewhere either sees the
    withdrawals or is seen here.
    """
    latest = {(*o.key, o.purpose, o.channel): o for o in sorted(opt_outs, key=lambda o: o.stated_at)}
    rows = await session.execute(_TOUCH, key_arrays(o.key for o in opt_outs))
    became = {(row.dealer_id, row.lead_id): (row.dealer_id, row.customer_id) for row in rows if row.customer_id}
    columns = [
        {
            "dealer_id": o.dealer_id,
            "lead_id": o.party_id,
            "purpose": o.purpose,
            "channel": o.channel,
            "how": o.how,
            "stated_at": o.stated_at,
        }
        for _, o in sorted(latest.items())
    ]
    await session.execute(_ADD_OPT_OUTS, arrays(columns))
    return became


async def opt_outs_of(session: AsyncSession, keys: Iterable[Key]) -> list[OptOut]:
    """Return the withdrawals of leads."""
    rows = await session.execute(_OPT_OUTS, key_arrays(keys))
    return [OptOut(row.dealer_id, row.lead_id, row.purpose, row.channel, row.how, row.stated_at) for row in rows]


def _buyer_of(row: Any) -> Buyer:
    contact = Contact(*(getattr(row, name) for name in _CONTACT))
    stored = json.loads(row.consents) if isinstance(row.consents, str) else row.consents
    consents = tuple((purpose, channel, granted) for purpose, channel, granted in stored)
    of_sale = (getattr(row, name) for name in _OF_SALE)
    return Buyer(
        LeadContact(row.dealer_id, row.lead_id, row.contact_sequence, row.contact_at, contact, consents),
        Sale(row.dealer_id, row.lead_id, *of_sale),
        row.customer_id,
    )
