"""What one statement makes of a signal is what the rule of the domain says, lead by lead."""

import json
from collections.abc import Sequence
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
from lead_service.db.tables import DefeatRow
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.reactivation import Reactivation, ReactivationPolicy, ReactivationState, reactivate
from lead_service.domain.signal import MarketSignal, SignalKind
from sqlalchemy import insert, text

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
MANY = 400


def some_policy(random: Random) -> ReactivationPolicy:
    return ReactivationPolicy(
        cool_off_days=random.choice((0, 30)),
        max_attempts=random.randint(1, 5),
        hold_out_percent=random.choice((0, 10, 50, 100)),
        grade_points={grade: random.randint(0, 100) for grade in Grade},
        recency_points=random.randint(0, 100),
        recency_days=random.randint(1, 700),
        points_off_per_attempt=random.randint(0, 40),
    )


def some_signal(random: Random) -> MarketSignal:
    return MarketSignal(
        id=uuid7(),
        dealer_id=DEALER,
        kind=random.choice(list(SignalKind)),
        make="BYD",
        model="Seal",
        trim=None,
        price_from_cents=random.choice((None, 20_180_000)),
        price_to_cents=18_980_000,
        competitor=random.choice((None, "Tesla")),
        valid_until=random.choice((None, date(2026, 2, 1))),
        note=None,
        received_at=NOW,
    )


def some_defeat(random: Random) -> dict[str, object]:
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
        "model": random.choice(('"Seal" \\ \u6d77\u8c79', "seal")),
        "trim": random.choice((None, "Long Range")),
        "model_key": "byd|seal",
        "trim_key": None,
        "defeated_at": NOW - timedelta(seconds=random.randint(0, 800 * 86_400)),
        "attempts": random.randint(0, 5),
        "last_attempt_at": random.choice((None, NOW - timedelta(days=31), NOW - timedelta(days=1))),
    }


@pytest.fixture(params=range(6))
def random(request: pytest.FixtureRequest) -> Random:
    return Random(request.param)  # noqa: S311 (the same leads in every run)


@pytest.fixture
async def defeats(database, random) -> None:
    async with database.begin() as session:
        await session.execute(insert(DefeatRow), [some_defeat(random) for _ in range(MANY)])


async def stored(session, signal: MarketSignal) -> dict[UUID, tuple[object, ...]]:
    rows = await session.execute(
        text("SELECT * FROM reactivation WHERE signal_id = :signal_id"), {"signal_id": signal.id}
    )
    return {
        r.lead_id: (r.store_id, r.state, r.strategy, r.reason, r.attempt, r.priority, r.factors, r.reactivated_at)
        for r in rows
    }


def judged(expected: Sequence[Reactivation]) -> dict[UUID, tuple[object, ...]]:
    return {
        r.lead_id: (r.store_id, r.state, r.strategy, r.reason, r.attempt, r.priority, r.factors, NOW) for r in expected
    }


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
        }
    )


async def test_a_batch_is_judged_and_told_as_the_rule_says(session, defeats, random, published):
    signal, policy = some_signal(random), some_policy(random)
    like = facts.reactivated(
        signal, origin=Origin(uuid7(), uuid7(), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), at=NOW
    )
    expected = reactivate(await db_candidates.page(session, signal, policy, after=None, limit=MANY), signal, policy)
    half = len(expected) // 2

    first = await db_matching.approach(session, signal, policy, after=None, limit=half or 1, like=like, at=NOW)
    rest = await db_matching.approach(session, signal, policy, after=first.through, limit=MANY, like=like, at=NOW)
    await session.commit()

    assert first.leads + rest.leads == len(expected)
    assert await stored(session, signal) == judged(expected)
    events = {event.lead_id: event for event in await published()}
    assert events == {
        r.lead_id: told(r, like, events[r.lead_id]) for r in expected if r.state is ReactivationState.ACTIVATED
    }
    approached = await session.execute(
        text("SELECT lead_id, attempts FROM defeat WHERE last_attempt_at = :at"), {"at": NOW}
    )
    assert {tuple(row) for row in approached} == {(r.lead_id, r.attempt) for r in expected}


async def test_the_facts_of_a_statement_lie_where_those_of_a_process_would(session, defeats, random):
    signal = some_signal(random)
    like = facts.reactivated(signal, origin=Origin.now(), at=NOW)

    await db_matching.approach(session, signal, ReactivationPolicy(), after=None, limit=MANY, like=like, at=NOW)

    rows = (await session.execute(text("SELECT slot, topic, key, headers, payload FROM outbox"))).all()
    assert rows
    assert {frozenset(json.loads(row.payload)) for row in rows} == {frozenset(json.loads(data_of(like)))}
    assert {(r.slot, r.topic, r.key) for r in rows} == {
        (slot_of(r.key), like.topic, r.headers["ce_subject"]) for r in rows
    }
