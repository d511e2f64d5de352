"""When a referral waits, qualifies or is void."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loyalty_service.domain.referrals import Evidence, Missing, VoidReason, missing, void_reason

REFERRER, REFEREE = UUID(int=1), UUID(int=2)
NOTHING = Evidence(
    sold=False,
    sale_cancelled=False,
    won_event_id=None,
    vehicle_registered=False,
    lead_contact_known=False,
    referrer_contact_known=False,
    referrer_phone_known=False,
    referee_phone_known=False,
    phones_meet=False,
    referrer_owns_vehicle=False,
    referrer_id=REFERRER,
    referee_id=None,
)
COMPLETE = Evidence(
    sold=True,
    sale_cancelled=False,
    won_event_id=None,
    vehicle_registered=True,
    lead_contact_known=True,
    referrer_contact_known=True,
    referrer_phone_known=True,
    referee_phone_known=True,
    phones_meet=False,
    referrer_owns_vehicle=False,
    referrer_id=REFERRER,
    referee_id=REFEREE,
)


def test_a_fresh_referral_waits_for_everything() -> None:
    assert missing(NOTHING) == tuple(Missing)
    assert void_reason(NOTHING) is None


def test_an_honest_purchase_lacks_nothing() -> None:
    assert missing(COMPLETE) == ()
    assert void_reason(COMPLETE) is None


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (replace(COMPLETE, phones_meet=True), VoidReason.SAME_PHONE),
        (replace(NOTHING, phones_meet=True), VoidReason.SAME_PHONE),
        (replace(COMPLETE, phones_meet=True, referee_id=REFERRER), VoidReason.SAME_PHONE),
        (replace(COMPLETE, referee_id=REFERRER), VoidReason.SELF_REFERRAL),
        (replace(COMPLETE, referrer_owns_vehicle=True), VoidReason.SAME_VEHICLE),
    ],
)
def test_fraud_is_named(evidence: Evidence, reason: VoidReason) -> None:
    assert void_reason(evidence) is reason


@pytest.mark.parametrize(
    "evidence",
    [
        replace(COMPLETE, referee_id=REFERRER, lead_contact_known=False),
        replace(COMPLETE, referee_id=REFERRER, referrer_contact_known=False),
        replace(COMPLETE, referrer_owns_vehicle=True, referee_phone_known=False),
        replace(COMPLETE, referrer_owns_vehicle=True, referrer_phone_known=False),
    ],
)
def test_other_reasons_wait_for_the_phones_that_could_meet(evidence: Evidence) -> None:
    assert void_reason(evidence) is None


@given(
    st.builds(
        Evidence,
        **dict.fromkeys(("sold", "vehicle_registered", "lead_contact_known", "referrer_contact_known"), st.booleans()),
        **dict.fromkeys(("referrer_phone_known", "referee_phone_known", "phones_meet"), st.booleans()),
        sale_cancelled=st.booleans(),
        won_event_id=st.none(),
        referrer_owns_vehicle=st.booleans(),
        referrer_id=st.just(REFERRER),
        referee_id=st.sampled_from([None, REFERRER, REFEREE]),
    )
)
def test_what_is_neither_waiting_nor_void_is_honest(evidence: Evidence) -> None:
    if not missing(evidence) and not void_reason(evidence) and evidence.referrer_contact_known:
        assert evidence == COMPLETE
