import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.errors import StageNotReachable
from lead_service.domain.stage import Stage, step

OPEN = [stage for stage in Stage if not stage.is_closed]


@given(st.sampled_from(OPEN), st.sampled_from(OPEN))
def test_a_lead_goes_ahead_or_back_to_contacted(at, to):
    ahead = OPEN.index(to) >= OPEN.index(at)

    if ahead or to is Stage.CONTACTED:
        assert step(at, to) is to
    else:
        with pytest.raises(StageNotReachable, match=f"{at} does not move to {to}"):
            step(at, to)


@given(st.sampled_from(OPEN), st.sampled_from([Stage.WON, Stage.DEFEATED]))
def test_no_step_closes_a_lead(at, to):
    with pytest.raises(StageNotReachable):
        step(at, to)
