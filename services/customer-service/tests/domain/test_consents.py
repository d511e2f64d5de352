"""What holds after several statements, in any order of arrival."""

from datetime import UTC, datetime, timedelta

from customer_service.domain.consents import (
    Channel,
    Grant,
    Purpose,
    Statement,
    Wording,
    granted_by_wording,
    inherited,
    news,
)
from hypothesis import given
from hypothesis import strategies as st

START = datetime(2026, 1, 1, tzinfo=UTC)


def said(*, granted: bool, hour: int = 0, version: str = "v1", channel: str = "sms") -> Statement:
    return Statement("marketing", channel, granted, version, "staff", START + timedelta(hours=hour))


def state_of(*statements: Statement) -> dict[tuple[str, str], Statement]:
    return {(s.purpose, s.channel): s for s in statements}


def test_the_same_statement_again_is_no_news():
    assert news(state_of(said(granted=True)), [said(granted=True, hour=5)]) == []
    assert news({}, [said(granted=True), said(granted=True, hour=1)]) == [said(granted=True)]


def test_a_new_wording_is_news_and_an_older_statement_is_not():
    again = said(granted=True, hour=5, version="v2")

    assert news(state_of(said(granted=True)), [again]) == [again]
    assert news(state_of(said(granted=False, hour=5)), [said(granted=True, hour=4)]) == []


def test_at_one_instant_the_refusal_holds():
    no, yes = said(granted=False), said(granted=True)

    assert news(state_of(yes), [no]) == [no]
    assert news(state_of(no), [yes]) == []


@given(
    st.permutations([said(granted=True, hour=1), said(granted=False, hour=2), said(granted=True, hour=3, version="v2")])
)
def test_what_holds_in_the_end_does_not_depend_on_the_order_of_arrival(statements):
    state = {}
    for statement in statements:
        state |= state_of(*news(state, [statement]))

    assert state == state_of(said(granted=True, hour=3, version="v2"))


def test_a_lead_never_overrules_what_the_customer_said():
    withdrawn = state_of(said(granted=False))
    from_lead = [said(granted=True, hour=9), said(granted=True, hour=9, channel="email")]

    assert inherited(withdrawn, from_lead) == [from_lead[1]]
    assert inherited(state_of(said(granted=True)), [said(granted=False, hour=9)]) == [said(granted=False, hour=9)]


def test_an_intake_channel_grants_what_its_registered_wording_says_and_else_nothing():
    wordings = {"showroom": Wording("2026-01", (Grant(Purpose.SERVICE, Channel.SMS),))}

    assert granted_by_wording(wordings, "showroom", at=START) == [
        Statement("service", "sms", True, "2026-01", "wording:showroom", START)
    ]
    assert granted_by_wording(wordings, "phone", at=START) == []
