from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_reminder.domain.errors import QuoteMissing, StageNotForward, VisitAlreadyCompleted
from service_reminder.domain.visits import STAGES, Line, Stage, Visit, advance, deliver, quote_accuracy

NOW = datetime(2026, 7, 1, 4, tzinfo=UTC)


def visit(stage: Stage = Stage.ARRIVED, quoted_cents: int | None = None) -> Visit:
    return Visit(UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), UUID(int=5), None, stage, NOW, quoted_cents)


@given(st.lists(st.sampled_from(STAGES[1:-1]), max_size=12))
def test_a_visit_only_moves_forward(stages):
    now_at, reached = visit(), [Stage.ARRIVED]
    for stage in stages:
        try:
            now_at = advance(now_at, stage, quoted_cents=100)
            reached.append(stage)
        except StageNotForward:
            assert STAGES.index(stage) <= STAGES.index(now_at.stage)

    assert reached == sorted(set(reached), key=STAGES.index)


def test_a_quote_needs_an_amount():
    with pytest.raises(QuoteMissing):
        advance(visit(), Stage.QUOTED, quoted_cents=None)


def test_a_stage_without_a_quote_keeps_the_one_before():
    assert advance(visit(Stage.QUOTED, 500), Stage.APPROVED, quoted_cents=None).quoted_cents == 500


def test_a_visit_is_delivered_once():
    delivered = deliver(visit(), [Line("labour", "工时", 60_000), Line("oil", "机油", 68_000)], odometer_km=9, now=NOW)

    assert delivered.amount_cents == 128_000
    with pytest.raises(VisitAlreadyCompleted):
        deliver(delivered, [], odometer_km=9, now=NOW)
    with pytest.raises(VisitAlreadyCompleted):
        advance(delivered, Stage.READY, quoted_cents=None)


@pytest.mark.parametrize(
    ("quoted", "final", "percent", "within"),
    [(100_000, 105_000, 5.0, True), (100_000, 105_001, 5.0, False), (100_000, 94_000, -6.0, False), (0, 0, None, True)],
)
def test_the_final_price_is_held_against_the_quote(quoted, final, percent, within):
    delivered = deliver(visit(Stage.READY, quoted), [Line("a", "a", final)], odometer_km=9, now=NOW)
    accuracy = quote_accuracy(delivered, tolerance_percent=5)

    assert accuracy
    assert (accuracy.difference_percent, accuracy.within_tolerance) == (percent, within)


def test_without_a_quote_there_is_no_accuracy():
    assert quote_accuracy(deliver(visit(), [], odometer_km=1, now=NOW), tolerance_percent=5) is None
