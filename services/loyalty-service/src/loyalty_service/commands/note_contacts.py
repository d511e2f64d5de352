"""Phones become known, as keyed hashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from baoke_events.origin import Origin
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.commands.advance_referrals import advance_referrals
from loyalty_service.db import parties as db_parties
from loyalty_service.db import referrals as db_referrals


@dataclass(frozen=True, slots=True)
class NoteContact:
    """How a lead or customer can be reached is known."""

    dealer_id: UUID
    party_id: UUID
    phone_hash: bytes | None
    """None where no number identifies the party."""
    origin: Origin


async def note_contacts(session: AsyncSession, commands: Sequence[NoteContact], *, now: datetime) -> None:
    """The parties' phones are known; publish what that completes."""
    parties = {(c.dealer_id, c.party_id): c.origin for c in commands}
    await db_parties.note(session, [((c.dealer_id, c.party_id), c.phone_hash) for c in commands])
    touched = await db_referrals.leads_touched_by(session, parties)
    await publish(session, await advance_referrals(session, {lead: parties[by] for lead, by in touched}, now=now))
