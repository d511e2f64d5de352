"""The cap: who gets a place in a day's budget."""

from collections import Counter
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st
from notification_service.domain.budget import Ask, Budget, BudgetKey, Move, admitted, moves

DAY = date(2026, 5, 1)
DUE = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
LI = BudgetKey(UUID(int=1), UUID(int=2), DAY)
WANG = BudgetKey(UUID(int=1), UUID(int=3), DAY)

keys = st.sampled_from([LI, WANG])
asks = st.lists(
    st.builds(Ask, st.uuids(), keys, st.integers(0, 100), st.datetimes(timezones=st.just(UTC))),
    max_size=30,
    unique_by=lambda a: a.message_id,
)
places = st.fixed_dictionaries({LI: st.integers(0, 5), WANG: st.integers(0, 5)})


def test_twenty_at_once_get_three_places() -> None:
    twenty = [Ask(uuid4(), LI, 50, DUE) for _ in range(20)]

    assert len(admitted(twenty, {LI: 3})) == 3


def test_the_more_important_message_gets_the_last_place() -> None:
    care, referral = Ask(uuid4(), LI, 20, DUE), Ask(uuid4(), LI, 80, DUE)

    assert admitted([care, referral], {LI: 1}) == {referral.message_id}


def test_of_two_equally_important_the_one_that_waits_longer_goes() -> None:
    later, earlier = Ask(uuid4(), LI, 50, DUE), Ask(uuid4(), LI, 50, DUE.replace(hour=8))

    assert admitted([later, earlier], {LI: 1}) == {earlier.message_id}


def test_what_is_left_is_never_negative_when_the_cap_was_lowered() -> None:
    assert Budget(reserved=1, used=3).left(cap=2) == 0


@given(asks, places)
def test_nobody_gets_more_than_is_left_and_nobody_is_refused_a_free_place(
    asks: list[Ask], places: dict[BudgetKey, int]
) -> None:
    taken = admitted(asks, places)

    asked = Counter(a.key for a in asks)
    given_ = Counter(a.key for a in asks if a.message_id in taken)
    assert {k: given_[k] for k in places} == {k: min(places[k], asked[k]) for k in places}


@given(asks, places)
def test_no_refused_message_is_more_important_than_an_admitted_one_of_the_same_day(
    asks: list[Ask], places: dict[BudgetKey, int]
) -> None:
    taken = admitted(asks, places)

    for key in places:
        admitted_ones = [a.priority for a in asks if a.key == key and a.message_id in taken]
        refused_ones = [a.priority for a in asks if a.key == key and a.message_id not in taken]
        assert max(refused_ones, default=0) <= min(admitted_ones, default=100)


@given(st.lists(keys), st.lists(keys), st.lists(keys))
def test_moves_sum_up_what_was_taken_given_back_and_used(
    reserve: list[BudgetKey], release: list[BudgetKey], use: list[BudgetKey]
) -> None:
    found = {m.key: m for m in moves(reserve=reserve, release=release, use=use)}

    for key in (LI, WANG):
        move = found.get(key, Move(key, 0, 0))
        assert move.reserved == reserve.count(key) - release.count(key) - use.count(key)
        assert move.used == use.count(key)
