"""What statements make of a signal is what the rules say, lead by lead."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import LeadReactivated
from baoke_events.consuming import Origin
from baoke_events.envelope import data_of
from baoke_events.ids import uuid7
from baoke_events.outbox import slot_of
from lead_service.commands import facts
from lead_service.db import candidates as db_candidates
from lead_service.db import matching as db_matching
from lead_service.db.candidates import Place
from lead_service.db.matching import BatchOvertaken
from lead_service.db.tables import DefeatRow
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import folded, model_key
from lead_service.domain.reactivation import (
    Reactivation,
    ReactivationPolicy,
    ReactivationState,
    reactivate,
    reactivation_id,
)
from lead_service.domain.rules import DEFAULT_RULES, MatchingRule
from lead_service.domain.signal import MarketSignal, SignalKind
from lead_service.domain.substitutes import Car, Substitute
from sqlalchemy import insert, select, text

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
MANY = 400
MODELS = ("Seal", "Dolphin", "Han")
TRIMS = (None, "Long Range", "Performance")


def some_policy(random: Random) -> ReactivationPolicy:
    return ReactivationPolicy(
        cool_off_days=random.choice((0, 30)),
        max_attempts=random.randint(1, 5),
        hold_out_percent=random.choice((0, 10, 50, 100)),
        grade_points={grade: random.randint(0, 100) for grade in Grade},
        recency_points=random.randint(0, 100),
        recency_days=random.randint(1, 700),
        points_off_per_attempt=random.randint(0, 40),
        opportunity_days=random.randint(1, 200),
        rules=tuple(random.sample(DEFAULT_RULES, len(DEFAULT_RULES))),
        substitutes=tuple(some_substitute(random) for _ in range(random.randint(0, 6))),
        other_trim_similarity=random.choice((0, 50, 80)),
        price_band_percent=random.choice((0, 10)),
    )


def some_substitute(random: Random) -> Substitute:
    model, other = random.sample(MODELS, 2)
    return Substitute(
        Car("BYD", model, random.choice(TRIMS)),
        Car("byd", other, random.choice(TRIMS)),
        similarity=random.randint(1, 99),
        price_band_percent=random.choice((0, 25)),
    )


def some_signal(random: Random, kind: SignalKind) -> MarketSignal:
    return MarketSignal(
        id=uuid7(),
        dealer_id=DEALER,
        kind=kind,
        make="BYD",
        model="Seal",
        trim=random.choice(TRIMS),
        price_from_cents=random.choice((None, 20_180_000)),
        price_to_cents=random.choice((None, 18_980_000)),
        competitor=random.choice((None, "Tesla")),
        valid_until=random.choice((None, date(2026, 2, 1))),
        note=None,
        received_at=NOW,
    )


def some_defeat(random: Random) -> dict[str, object]:
    model, trim = random.choice(('"Seal" \\ \u6d77\u8c79', *MODELS)), random.choice(TRIMS)
    return {
        "dealer_id": DEALER,
        "lead_id": uuid7(),
        "store_id": uuid7(),
        "reason": random.choice(list(DefeatReason)),
        "competitor": None,
        "competitor_key": random.choice((None, "tesla", "nio")),
        "note": None,
        "stage": "new",
        "grade": random.choice(list(Grade)),
        "make": "BYD",
        "model": model,
        "trim": trim,
        "model_key": model_key("BYD", "Seal" if "Seal" in model else model),
        "trim_key": folded(trim) if trim else None,
        "budget_cents": random.choice((None, 15_000_000, 18_000_000, 19_000_000)),
        "defeated_at": NOW - timedelta(seconds=random.randint(0, 800 * 86_400)),
        "attempts": random.randint(0, 5),
        "last_attempt_at": random.choice((None, NOW - timedelta(days=31), NOW - timedelta(days=1))),
        "declined_until": random.choice((None, None, NOW - timedelta(days=1), NOW + timedelta(days=1))),
    }


@pytest.fixture(params=range(2))
def random(request: pytest.FixtureRequest) -> Random:
    return Random(request.param)  # noqa: S311 (the same leads in every run)


@pytest.fixture(params=[kind for kind in SignalKind if kind is not SignalKind.CARE])
def signal(request: pytest.FixtureRequest, random: Random) -> MarketSignal:
    return some_signal(random, request.param)


@pytest.fixture
async def defeats(database, random) -> None:
    async with database.begin() as session:
        await session.execute(insert(DefeatRow), [some_defeat(random) for _ in range(MANY)])


async def stored(session, signal: MarketSignal) -> dict[UUID, tuple[object, ...]]:
    rows = await session.execute(
        text("SELECT * FROM reactivation WHERE signal_id = :signal_id"), {"signal_id": signal.id}
    )
    return {
        r.lead_id: (
            r.id,
            r.store_id,
            r.state,
            r.strategy,
            r.reason,
            r.attempt,
            r.priority,
            r.similarity,
            r.hold_out_percent,
            r.factors,
            r.reactivated_at,
            r.expires_at,
        )
        for r in rows
    }


def judged(
    expected: Sequence[Reactivation], signal: MarketSignal, policy: ReactivationPolicy
) -> dict[UUID, tuple[object, ...]]:
    return {
        r.lead_id: (
            reactivation_id(r.lead_id, signal, at=NOW),
            r.store_id,
            r.state,
            r.strategy,
            r.reason,
            r.attempt,
            r.priority,
            r.similarity,
            policy.hold_out_percent,
            r.factors,
            NOW,
            NOW + policy.opportunity,
        )
        for r in expected
    }


def similarity(lost, signal: MarketSignal, policy: ReactivationPolicy) -> int | None:
    """How similar the signal's car is to the one that was asked for, by the most similar that is known of it."""
    own = Car(signal.make, signal.model, signal.trim)
    trims = {lost.trim_key, own.trim_key} - {None}
    if lost.model_key == own.model_key and len(trims) <= 1:
        return 100
    found = [
        (each.similarity, each.price_band_percent)
        for each in policy.substitutes
        for offered, asked in ((each.car, each.other), (each.other, each.car))
        if offered.model_key == own.model_key
        and len({offered.trim_key, own.trim_key} - {None}) <= 1
        and asked.model_key == lost.model_key
        and len({asked.trim_key, lost.trim_key} - {None}) <= 1
    ]
    if lost.model_key == own.model_key and policy.other_trim_similarity:
        found.append((policy.other_trim_similarity, policy.price_band_percent))
    asks = signal.price_to_cents
    affordable = [
        each
        for each, band in found
        if asks is None or lost.budget_cents is None or asks * 100 <= lost.budget_cents * (100 + band)
    ]
    return max(affordable, default=None)


def speaks(rule: MatchingRule, lost, signal: MarketSignal, similar: int) -> bool:
    return (
        signal.kind in rule.signals
        and (not rule.reasons or lost.reason in rule.reasons)
        and lost.defeated_at <= NOW - timedelta(days=rule.older_than_days)
        and not (rule.same_competitor and signal.competitor and lost.competitor_key not in (None, "tesla"))
        and rule.accepts(similar)
    )


def first_rule(lost, signal: MarketSignal, policy: ReactivationPolicy) -> tuple[int, int] | None:
    similar = similarity(lost, signal, policy)
    rested = lost.last_attempt_at is None or lost.last_attempt_at <= NOW - policy.cool_off
    declined = lost.declined_until is not None and lost.declined_until > NOW
    if similar is None or lost.attempts >= policy.max_attempts or not rested or declined:
        return None
    places = (place for place, rule in enumerate(policy.rules) if speaks(rule, lost, signal, similar))
    return next(((place, similar) for place in places), None)


def told(r: Reactivation, like: LeadReactivated, event: LeadReactivated) -> LeadReactivated:
    """What the event's class says of the re-activation; ids that PostgreSQL drew are taken over."""
    return LeadReactivated.model_validate(
        {
            **{name: getattr(like, name) for name in LeadReactivated.model_fields},
            "id": event.id,
            "reactivation_id": event.reactivation_id,
            "sequence": 1,
            "lead_id": r.lead_id,
            "store_id": r.store_id,
            "strategy": r.strategy,
            "reason": r.reason,
            "make": r.interest.make,
            "model": r.interest.model,
            "trim": r.interest.trim,
            "defeated_at": r.defeated_at,
            "priority": r.priority,
            "attempt": r.attempt,
            "similarity": r.similarity,
        }
    )


async def test_a_signal_speaks_to_the_leads_that_the_first_rule_says(session, defeats, random, signal):
    policy = some_policy(random)
    lost = (await session.execute(select(DefeatRow.__table__))).all()

    found = await db_candidates.page(session, signal, policy, after=None, limit=MANY)

    expected = {row.lead_id: first_rule(row, signal, policy) for row in lost}
    assert found
    assert {candidate.lead_id: (candidate.rule, candidate.similarity) for _, candidate in found} == {
        lead_id: rule for lead_id, rule in expected.items() if rule
    }
    assert await db_candidates.count(session, signal, policy) == len(found)
    assert {place.segment for place, _ in found} <= set(policy.segments(signal))


async def test_pages_go_on_where_the_one_before_ended(session, defeats, random, signal):
    policy = some_policy(random)
    whole = await db_candidates.page(session, signal, policy, after=None, limit=MANY)
    middle = len(whole) // 2

    rest = await db_candidates.page(session, signal, policy, after=whole[middle][0], limit=MANY)

    assert whole
    assert rest == whole[middle + 1 :]


async def test_a_batch_is_judged_and_told_as_the_rule_says(session, defeats, random, signal, published):
    policy = some_policy(random)
    like = facts.reactivated(
        signal, origin=Origin(uuid7(), uuid7(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), at=NOW
    )
    found = await db_candidates.page(session, signal, policy, after=None, limit=MANY)
    expected = reactivate([candidate for _, candidate in found], signal, policy)

    looked = [each async for each in approach_all(session, signal, policy, like)]
    await session.commit()

    assert expected
    states = [r.state for r in expected]
    assert sum(each.activated for each in looked) == states.count(ReactivationState.ACTIVATED)
    assert sum(each.held_out for each in looked) == states.count(ReactivationState.HELD_OUT)
    assert await stored(session, signal) == judged(expected, signal, policy)
    events = {event.lead_id: event for event in await published()}
    assert events == {
        r.lead_id: told(r, like, events[r.lead_id]) for r in expected if r.state is ReactivationState.ACTIVATED
    }
    approached = await session.execute(
        text("SELECT lead_id, attempts FROM defeat WHERE last_attempt_at = :at"), {"at": NOW}
    )
    assert {tuple(row) for row in approached} == {(r.lead_id, r.attempt) for r in expected}


async def test_the_facts_of_a_statement_lie_where_those_of_a_process_would(session, defeats, random):
    signal = replace(some_signal(random, SignalKind.LAUNCH), trim=None)
    like = facts.reactivated(signal, origin=Origin.now(), at=NOW)

    assert [each async for each in approach_all(session, signal, ReactivationPolicy(), like)]

    rows = (await session.execute(text("SELECT slot, topic, key, headers, payload FROM outbox"))).all()
    assert rows
    assert {frozenset(json.loads(row.payload)) for row in rows} == {frozenset(json.loads(data_of(like)))}
    assert {(r.slot, r.topic, r.key) for r in rows} == {
        (slot_of(r.key), like.topic, r.headers["ce_subject"]) for r in rows
    }


async def test_a_batch_that_another_transaction_overtakes_is_to_run_again(database, session, defeats, random):
    """A lead that is changed between what the statement sees and the lock that it waits for."""
    signal, policy = replace(some_signal(random, SignalKind.LAUNCH), trim=None), ReactivationPolicy()
    [segment] = [segment for segment in policy.segments(signal) if segment.reason is DefeatReason.UNKNOWN]
    like = facts.reactivated(signal, origin=Origin.now(), at=NOW)
    async with database.begin() as other:
        await other.execute(text("UPDATE defeat SET note = 'called' WHERE reason = 'unknown'"))
        batch = asyncio.create_task(
            db_matching.approach(session, signal, policy, Place(segment), limit=MANY, like=like, at=NOW)
        )
        while not await other.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            await asyncio.sleep(0.01)

    with pytest.raises(BatchOvertaken):
        await batch
    await session.rollback()
    looked = await db_matching.approach(session, signal, policy, Place(segment), limit=MANY, like=like, at=NOW)

    marked = await session.scalar(text("SELECT count(*) FROM defeat WHERE last_attempt_at = :at"), {"at": NOW})
    assert looked.leads == marked > 0


async def approach_all(session, signal: MarketSignal, policy: ReactivationPolicy, like: LeadReactivated):
    """Batches of at most seven, segment by segment, as the job takes them."""
    for segment in policy.segments(signal):
        place = Place(segment)
        while place:
            looked = await db_matching.approach(session, signal, policy, place, limit=7, like=like, at=NOW)
            yield looked
            place = Place(segment, looked.through) if looked.leads == 7 else None
