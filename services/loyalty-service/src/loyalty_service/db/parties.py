"""What is known of the phones of leads and customers."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ARRAY, Boolean, LargeBinary, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key

_NOTE = text("""
INSERT INTO party AS known (dealer_id, party_id, contact_known, phone_hashes)
SELECT dealer_id, party_id, bool_or(contact_known),
       coalesce(array_agg(DISTINCT phone_hash) FILTER (WHERE phone_hash IS NOT NULL), '{}')
FROM unnest(:dealer_ids, :party_ids, :contacts_known, :phone_hashes)
     AS given (dealer_id, party_id, contact_known, phone_hash)
GROUP BY dealer_id, party_id ORDER BY dealer_id, party_id
ON CONFLICT (dealer_id, party_id) DO UPDATE
SET contact_known = known.contact_known OR excluded.contact_known,
    phone_hashes = ARRAY(SELECT DISTINCT unnest(known.phone_hashes || excluded.phone_hashes) ORDER BY 1)
""").bindparams(
    bindparam("dealer_ids", type_=ARRAY(Uuid)),
    bindparam("party_ids", type_=ARRAY(Uuid)),
    bindparam("contacts_known", type_=ARRAY(Boolean)),
    bindparam("phone_hashes", type_=ARRAY(LargeBinary)),
)


async def note(session: AsyncSession, contacts: Sequence[tuple[Key, bytes | None]]) -> None:
    """Add what contacts say: the hash of a phone, or None where no number identifies the party.

    The parties are locked until the transaction ends.
    """
    await _upsert(session, [(key, True, phone_hash) for key, phone_hash in contacts])


async def lock(session: AsyncSession, keys: Iterable[Key]) -> None:
    """Lock the parties until the transaction ends, whether or not their contact is known.

    Whoever ties a party to a referral locks it before looking at its phones, so that a contact
    that arrives meanwhile is seen by one of the two.
    """
    await _upsert(session, [(key, False, None) for key in set(keys)])


async def _upsert(session: AsyncSession, rows: Sequence[tuple[Key, bool, bytes | None]]) -> None:
    if not rows:
        return
    await session.execute(
        _NOTE,
        {
            "dealer_ids": [key[0] for key, _, _ in rows],
            "party_ids": [key[1] for key, _, _ in rows],
            "contacts_known": [known for _, known, _ in rows],
            "phone_hashes": [phone_hash for _, _, phone_hash in rows],
        },
    )
