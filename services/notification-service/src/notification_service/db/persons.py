"""Persons: several parties can be one, and then share a budget and their unsubscriptions."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.domain.parties import Link

_LINKS = "unnest(CAST(:dealer_ids AS uuid[]), CAST(:party_ids AS uuid[]), CAST(:person_ids AS uuid[]))"

_SAVE = text(f"""
INSERT INTO party (dealer_id, party_id, party_kind, person_id, sequence)
SELECT dealer_id, party_id, 'lead', person_id, 0
FROM {_LINKS} AS link (dealer_id, party_id, person_id) ORDER BY dealer_id, party_id
ON CONFLICT (dealer_id, party_id) DO UPDATE SET person_id = excluded.person_id
""")

_MOVE_BUDGETS = text(f"""
WITH moved AS (
    DELETE FROM contact_budget AS b USING {_LINKS} AS link (dealer_id, party_id, person_id)
    WHERE b.dealer_id = link.dealer_id AND b.person_id = link.party_id AND link.party_id <> link.person_id
    RETURNING b.dealer_id, link.person_id, b.on_date, b.reserved, b.used
)
INSERT INTO contact_budget AS b (dealer_id, person_id, on_date, reserved, used)
SELECT dealer_id, person_id, on_date, sum(reserved), sum(used) FROM moved GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
ON CONFLICT (dealer_id, person_id, on_date)
DO UPDATE SET reserved = b.reserved + excluded.reserved, used = b.used + excluded.used
""")

_MOVE_SUPPRESSIONS = text(f"""
WITH moved AS (
    DELETE FROM suppression AS s USING {_LINKS} AS link (dealer_id, party_id, person_id)
    WHERE s.dealer_id = link.dealer_id AND s.person_id = link.party_id AND link.party_id <> link.person_id
    RETURNING s.dealer_id, link.person_id, s.purpose, s.channel, s.how, s.since
)
INSERT INTO suppression (dealer_id, person_id, purpose, channel, how, since)
SELECT * FROM moved ON CONFLICT DO NOTHING
""")


async def link(session: AsyncSession, links: Sequence[Link]) -> None:
    """Each party is that person from now on; what it was sent, and unsubscribed from, is the person's.

    Each party is named once. A party not heard of yet waits for its contact.
    """
    parameters = {
        "dealer_ids": [link.party.dealer_id for link in links],
        "party_ids": [link.party.party_id for link in links],
        "person_ids": [link.person_id for link in links],
    }
    await session.execute(_SAVE, parameters)
    await session.execute(_MOVE_BUDGETS, parameters)
    await session.execute(_MOVE_SUPPRESSIONS, parameters)
