"""The local outbox and the page that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db.tables import LocalOutbox

# The page is for the people at this machine: it shows every dealer's messages and exists only where it is enabled.
_NEWEST = sql("""
SELECT coalesce(o.delivered_at, m.settled_at, m.due_at) AS at, coalesce(p.name, '') AS name, p.party_kind,
       m.message_class, m.template, m.state, m.reason, coalesce(o.channel, m.channel) AS channel,
       coalesce(o.subject, m.subject) AS subject, coalesce(o.text, m.text) AS text, m.due_at
FROM message AS m
LEFT JOIN local_outbox AS o USING (dealer_id, message_id)
LEFT JOIN party AS p USING (dealer_id, party_id)
ORDER BY m.message_id DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as the page shows it: delivered, waiting, or not sent and why."""

    at: datetime
    name: str
    party_kind: str | None
    message_class: str
    template: str
    state: str
    reason: str | None
    channel: str | None
    subject: str | None
    text: str | None
    due_at: datetime


async def keep(
    session: AsyncSession,
    *,
    dealer_id: UUID,
    message_id: UUID,
    channel: str,
    subject: str | None,
    text: str,
    now: datetime,
) -> None:
    """The delivery lies in the outbox; one that lies there already is left as it is."""
    delivery = insert(LocalOutbox).values(
        dealer_id=dealer_id, message_id=message_id, channel=channel, subject=subject, text=text, delivered_at=now
    )
    await session.execute(delivery.on_conflict_do_nothing())


async def newest(session: AsyncSession, *, limit: int) -> Sequence[Entry]:
    """The messages planned last, newest first."""
    rows = await session.execute(_NEWEST, {"limit": limit})
    return [Entry(**row) for row in rows.mappings()]
