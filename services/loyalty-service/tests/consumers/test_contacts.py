"""Contacts leave keyed hashes and nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any

from baoke_chassis.testing import DEALER
from baoke_events.ids import uuid7
from loyalty_service.domain.phones import phone_hash
from loyalty_service.settings import Settings
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

Deliver = Callable[..., Awaitable[None]]
PHONE, NEW_PHONE = "+8613800138000", "+8613900139000"


async def test_every_phone_a_party_had_is_kept_as_a_keyed_hash(facts: Any, deliver: Deliver, session: AsyncSession):
    party_id = uuid7()
    key = Settings(database_url="unused").phone_hash_key.get_secret_value().encode()

    await deliver(facts.contact(party_id, PHONE), facts.contact(party_id, NEW_PHONE), facts.contact(party_id, None))
    await deliver(facts.contact(party_id, PHONE))

    [party] = (await session.execute(text("SELECT party_id, contact_known, phone_hashes FROM party"))).all()
    assert (party.party_id, party.contact_known) == (party_id, True)
    assert set(party.phone_hashes) == {phone_hash(key, DEALER, PHONE), phone_hash(key, DEALER, NEW_PHONE)}
    assert len(party.phone_hashes) == 2


async def test_a_relay_number_leaves_no_hash(facts: Any, deliver: Deliver, session: AsyncSession):
    await deliver(facts.contact(uuid7(), PHONE, is_relay=True))

    [party] = (await session.execute(text("SELECT contact_known, phone_hashes FROM party"))).all()
    assert (party.contact_known, party.phone_hashes) == (True, [])
