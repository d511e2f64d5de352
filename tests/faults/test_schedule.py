"""What will be done, and that it can be done again."""

from hypothesis import given
from hypothesis import strategies as st

from faults.schedule import KILLS, LASTS_S, TARGETS, WITH_PATIENCE_S, Kind, kills, schedule

seeds = st.integers(0, 10**6)


@given(seeds)
def test_a_seed_says_the_same_every_time(seed):
    assert schedule(seed, every_s=5) == schedule(seed, every_s=5)


@given(seeds, st.booleans())
def test_every_kind_comes_once_and_targets_are_of_its_kind(seed, patient):
    faults = schedule(seed, every_s=5, patient=patient)

    assert sorted(fault.kind for fault in faults) == sorted(Kind)
    for fault in faults:
        shortest, longest = ((LASTS_S | WITH_PATIENCE_S) if patient else LASTS_S).get(fault.kind, (0, 0))
        assert shortest <= fault.lasts_s <= longest
        assert fault.target in TARGETS.get(fault.kind, [""])


@given(seeds)
def test_faults_come_in_order(seed):
    times = [fault.at_s for fault in schedule(seed, every_s=4)]

    assert times == sorted(times)


@given(seeds)
def test_deaths_are_as_many_as_wanted_and_nothing_else(seed):
    deaths = kills(seed, 50, every_s=1)

    assert (len(deaths), deaths) == (50, kills(seed, 50, every_s=1))
    assert {fault.kind for fault in deaths} <= KILLS.keys()
    assert all(fault.target in TARGETS.get(fault.kind, [""]) for fault in deaths)
