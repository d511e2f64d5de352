"""Parties: how to reach them, and the persons they are."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db import tables
from notification_service.domain.parties import Contact, Party, PartyKey, Permission, PersonKey

_KEY = tuple_(tables.Party.dealer_id, tables.Party.party_id)
_CONTACT = ("party_kind", "sequence", "name", "phone", "email", "locale", "time_zone", "granted", "refused")


async def lock(session: AsyncSession, keys: Collection[PartyKey]) -> dict[PartyKey, Party]:
    """The parties among `keys` that are known, locked in key order until the transaction ends.

    A party of which only the person is known has a contact of `sequence` 0.
    """
    rows = await session.scalars(_of(keys).with_for_update())
    return {PartyKey(row.dealer_id, row.party_id): _party(row) for row in rows}


async def reachable(session: AsyncSession, keys: Collection[PartyKey]) -> dict[PartyKey, Party]:
    """The parties among `keys` whose contact is known; who they are cannot change until the transaction ends."""
    rows = await session.scalars(_of(keys).where(tables.Party.sequence > 0).with_for_update(read=True))
    return {PartyKey(row.dealer_id, row.party_id): _party(row) for row in rows}


async def find(session: AsyncSession, key: PartyKey) -> Party | None:
    """The party, where its contact is known."""
    row = await session.scalar(_of([key]).where(tables.Party.sequence > 0))
    return _party(row) if row else None


async def of_persons(session: AsyncSession, persons: Collection[PersonKey]) -> list[Party]:
    """Every party these persons are."""
    person = tuple_(tables.Party.dealer_id, tables.Party.person_id)
    rows = await session.scalars(select(tables.Party).where(person.in_(sorted(persons))))
    return [_party(row) for row in rows]


async def with_phone(session: AsyncSession, dealer_id: UUID, phone: str) -> list[PartyKey]:
    """The dealer's parties that are reached by this phone (E.164)."""
    keys = await session.execute(
        select(tables.Party.dealer_id, tables.Party.party_id)
        .where(tables.Party.dealer_id == dealer_id, tables.Party.phone == phone)
        .order_by(tables.Party.party_id)
    )
    return [PartyKey(*key) for key in keys]


async def save_contacts(session: AsyncSession, contacts: Collection[Contact]) -> None:
    """Each party has this contact, unless a newer one is known; a new party is a person of its own."""
    if not contacts:
        return
    statement = insert(tables.Party)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[tables.Party.dealer_id, tables.Party.party_id],
            set_={name: statement.excluded[name] for name in _CONTACT},
            where=tables.Party.sequence <= statement.excluded.sequence,
        ),
        [_row(contact) for contact in sorted(contacts, key=lambda c: c.key)],
    )


def _of(keys: Iterable[PartyKey]) -> Select[tables.Party]:
    return select(tables.Party).where(_KEY.in_(sorted(keys))).order_by(tables.Party.dealer_id, tables.Party.party_id)


def _party(row: tables.Party) -> Party:
    contact = Contact(
        dealer_id=row.dealer_id,
        party_id=row.party_id,
        party_kind=row.party_kind,
        sequence=row.sequence,
        name=row.name,
        phone=row.phone,
        email=row.email,
        locale=row.locale,
        time_zone=row.time_zone,
        granted=_permissions(row.granted),
        refused=_permissions(row.refused),
    )
    return Party(contact, row.person_id)


def _row(contact: Contact) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(contact, name) for name in _CONTACT}
    return row | {
        "dealer_id": contact.dealer_id,
        "party_id": contact.party_id,
        "person_id": contact.party_id,
        "granted": sorted(map(" ".join, contact.granted)),
        "refused": sorted(map(" ".join, contact.refused)),
    }


def _permissions(words: Iterable[str]) -> frozenset[Permission]:
    return frozenset(Permission(*word.split(" ")) for word in words)
