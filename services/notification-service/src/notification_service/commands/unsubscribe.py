"""Stop what people no longer want."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from baoke_events import Unsubscribed
from baoke_events.outbox import publish
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import parties as db_parties
from notification_service.db import suppressions as db_suppressions
from notification_service.domain.messages import Channel
from notification_service.domain.parties import Party, PartyKey, Permission, PersonKey
from notification_service.domain.unsubscribe_links import Unsubscription

Told = tuple[PersonKey, PartyKey, Permission]
"""A person, the party as which they are known, and what that party's consent ends for."""


async def unsubscribe(session: AsyncSession, wishes: Sequence[Unsubscription], *, how: str, now: datetime) -> None:
    """The persons get no more messages of that purpose, on any channel, as whatever party they are known.

    `Unsubscribed` is published once, for every party of theirs and each channel it had agreed to,
    and for the channel that carried the wish. Asking again changes nothing.
    """
    persons = await _persons(session, wishes)
    parties = await db_parties.of_persons(session, set(persons.values()))
    told = _told(wishes, persons, parties)
    everywhere = {(persons[_key(w)], Permission(w.purpose, channel.value)) for w in wishes for channel in Channel}
    stopping = everywhere | {(person, permission) for person, _, permission in told}
    stopped = await db_suppressions.add(session, stopping, how=how, now=now)
    ended = [(key, permission) for person, key, permission in sorted(told) if (person, permission) in stopped]
    await publish(
        session,
        [
            Unsubscribed(
                dealer_id=key.dealer_id,
                occurred_at=now,
                party_id=key.party_id,
                purpose=permission.purpose,
                channel=permission.channel,
                how=how,
            )
            for key, permission in ended
        ],
    )


async def _persons(session: AsyncSession, wishes: Sequence[Unsubscription]) -> dict[PartyKey, PersonKey]:
    """The persons behind the wishes; a party never heard of is a person of its own."""
    keys = {_key(wish) for wish in wishes}
    known = await db_parties.lock(session, keys)
    return {key: known[key].person if key in known else PersonKey(*key) for key in keys}


def _told(
    wishes: Sequence[Unsubscription], persons: Mapping[PartyKey, PersonKey], parties: Iterable[Party]
) -> set[Told]:
    purposes = {(persons[_key(wish)], wish.purpose) for wish in wishes}
    agreed = {(p.person, p.contact.key, permission) for p in parties for permission in p.contact.granted}
    carried = {(persons[_key(w)], _key(w), Permission(w.purpose, w.channel)) for w in wishes}
    return {told for told in agreed if (told[0], told[2].purpose) in purposes} | carried


def _key(wish: Unsubscription) -> PartyKey:
    return PartyKey(wish.dealer_id, wish.party_id)
