"""Whatever order the facts of a referral come in, alone or at once, the end is the same."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any
from uuid import UUID

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.testing import DEALER
from baoke_events.event import Event
from baoke_events.ids import uuid7
from loyalty_service.commands.issue_referral_code import issue_referral_code
from sqlalchemy import text

FEW = 120
STEP = 41
"""All orders of five facts are tried; of the 5,040 of seven every 41st, a prime, so that any fact comes anywhere."""

AT_ONCE = 8
"""Meetings at a time; each holds two connections of the pool's twenty."""

Deliver = Callable[..., Awaitable[None]]


@dataclass(frozen=True)
class Story:
    """The facts of one referral, and what they must come to."""

    first: list[Event]
    """Facts that precede the others in any order, being of the same key."""
    facts: list[Event]
    outcome: tuple[str, str | None]


@pytest.fixture
async def tell(facts: Any, database: Database, deliver: Deliver) -> Callable[[str, int], Awaitable[list[Story]]]:
    """Makes as many referrals of a kind as asked for, each among people of its own."""

    async def make(kind: str, count: int) -> list[Story]:
        referrers = [uuid7() for _ in range(count)]
        await deliver(*(facts.registered(referrer) for referrer in referrers))
        async with database.begin() as session:
            codes = [await issue_referral_code(session, DEALER, each, now=utc_now()) for each in referrers]
        return [story(kind, *each) for each in zip(range(count), referrers, codes, strict=True)]

    def story(kind: str, number: int, referrer: UUID, code: str) -> Story:
        lead, vin = uuid7(), f"LC0C14DA5{number:08d}"
        phone, other = f"+8613800{number:06d}", f"+8613900{number:06d}"
        referee = referrer if kind.startswith("self") else uuid7()
        lead_phone = phone if kind in {"same_phone", "self_same_phone"} else other
        told = [
            facts.contact(referrer, phone),
            facts.contact(lead, lead_phone),
            facts.referred(lead, code),
            facts.won(lead, vin, code),
            facts.vehicle(referee, vin, lead),
        ]
        if referee != referrer:
            told += [facts.registered(referee, lead), facts.contact(referee, lead_phone)]
        outcomes = {
            "honest": ("paid", None),
            "same_phone": ("voided", "same_phone"),
            "self_same_phone": ("voided", "same_phone"),
            "self_other_phone": ("voided", "self_referral"),
            "same_vehicle": ("voided", "same_vehicle"),
        }
        first = [facts.vehicle(referrer, vin)] if kind == "same_vehicle" else []
        return Story(first, told, outcomes[kind])

    return make


@pytest.fixture
def outcomes(database: Database) -> Callable[[], Awaitable[Counter[tuple[str, str | None]]]]:
    """Counts the referrals by where they ended."""

    async def count() -> Counter[tuple[str, str | None]]:
        async with database.engine.connect() as connection:
            rows = await connection.execute(text("SELECT state, void_reason FROM referral"))
            return Counter((row.state, row.void_reason) for row in rows)

    return count


@pytest.fixture(autouse=True)
async def no_hold(set_policy: Callable[..., Awaitable[None]]) -> None:
    """The dealer pays at once: nothing that comes later could still stop it."""
    await set_policy(referral={"hold_days": 0})


@pytest.mark.parametrize("kind", ["self_same_phone", "self_other_phone", "same_phone", "same_vehicle", "honest"])
async def test_every_order_of_the_facts_has_the_same_end(
    kind: str,
    tell: Callable[[str, int], Awaitable[list[Story]]],
    deliver: Deliver,
    outcomes: Callable[[], Awaitable[Counter[tuple[str, str | None]]]],
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    [sample] = await tell(kind, 1)
    every = list(permutations(range(len(sample.facts))))
    orders = every if len(every) <= FEW else every[::STEP]
    stories = await tell(kind, len(orders))
    await deliver(*(event for story in stories for event in story.first))

    for step in range(len(sample.facts)):
        await deliver(*(story.facts[order[step]] for story, order in zip(stories, orders, strict=True)))

    assert await outcomes() == {sample.outcome: len(orders)}
    paid = 2 * 2_000 * len(orders) if kind == "honest" else 0
    assert (await check_books()).get("member", 0) == paid


@pytest.mark.parametrize("kind", ["honest", "self_same_phone"])
async def test_two_facts_that_come_at_once_do_not_miss_each_other(
    kind: str,
    tell: Callable[[str, int], Awaitable[list[Story]]],
    deliver: Deliver,
    in_flight: Callable[[Event], AbstractAsyncContextManager[None]],
    outcomes: Callable[[], Awaitable[Counter[tuple[str, str | None]]]],
):
    [sample] = await tell(kind, 1)
    pairs = [(a, b) for pair in combinations(range(len(sample.facts)), 2) for a, b in (pair, pair[::-1])]
    stories = await tell(kind, len(pairs))

    async def meet(story: Story, one: int, other: int) -> None:
        rest = [fact for number, fact in enumerate(story.facts) if number not in {one, other}]
        await deliver(*story.first, *rest)
        async with in_flight(story.facts[one]):
            second = asyncio.create_task(deliver(story.facts[other]))
            await asyncio.wait([second], timeout=0.3)  # it ends, or waits for the first to commit
        await second

    for at in range(0, len(pairs), AT_ONCE):
        some = zip(stories[at : at + AT_ONCE], pairs[at : at + AT_ONCE], strict=True)
        await asyncio.gather(*(meet(story, *pair) for story, pair in some))

    assert await outcomes() == {sample.outcome: len(pairs)}


async def test_replaying_every_fact_changes_nothing(
    tell: Callable[[str, int], Awaitable[list[Story]]],
    deliver: Deliver,
    published: Callable[[], Awaitable[list[Event]]],
    check_books: Callable[[], Awaitable[dict[str, int]]],
):
    [story] = await tell("honest", 1)
    await deliver(*story.facts)
    before = await published()

    again = [fact.model_copy(update={"id": uuid7()}) for fact in story.facts]
    await deliver(*reversed(story.facts))
    await deliver(*reversed(again))

    assert await published() == before
    assert (await check_books())["member"] == 4_000
