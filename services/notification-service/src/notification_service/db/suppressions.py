"""Who unsubscribed from what."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db.tables import Suppression
from notification_service.domain.parties import Permission, PersonKey

_PERSON = tuple_(Suppression.dealer_id, Suppression.person_id)
_PERMISSION = tuple_(Suppression.dealer_id, Suppression.person_id, Suppression.purpose, Suppression.channel)


async def of_persons(session: AsyncSession, persons: Collection[PersonKey]) -> dict[PersonKey, frozenset[Permission]]:
    """What each of the persons unsubscribed from; nothing for whoever did not."""
    rows = await session.scalars(select(Suppression).where(_PERSON.in_(sorted(persons))))
    found: dict[PersonKey, set[Permission]] = defaultdict(set)
    for row in rows:
        found[PersonKey(row.dealer_id, row.person_id)].add(Permission(row.purpose, row.channel))
    return {person: frozenset(found[person]) for person in persons}


async def add(
    session: AsyncSession, ending: Collection[tuple[PersonKey, Permission]], *, how: str, now: datetime
) -> set[tuple[PersonKey, Permission]]:
    """These persons are unsubscribed from that; returns what is new."""
    rows = [
        {**person._asdict(), **permission._asdict(), "how": how, "since": now} for person, permission in sorted(ending)
    ]
    statement = insert(Suppression).values(rows).on_conflict_do_nothing()
    added = await session.execute(
        statement.returning(Suppression.dealer_id, Suppression.person_id, Suppression.purpose, Suppression.channel)
    )
    return {(PersonKey(*row[:2]), Permission(*row[2:])) for row in added}


async def lift(session: AsyncSession, agreed: Collection[tuple[PersonKey, Permission]]) -> None:
    """These persons agreed again: their unsubscriptions from that are over."""
    if agreed:
        await session.execute(delete(Suppression).where(_PERMISSION.in_([(*p, *q) for p, q in sorted(agreed)])))
