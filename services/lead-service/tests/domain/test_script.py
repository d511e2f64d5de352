from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lead_service.domain.default_scripts import DEFAULT_SCRIPTS
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.grade import Grade
from lead_service.domain.interest import DecisionStyle, Interest
from lead_service.domain.script import (
    Content,
    Occasion,
    Script,
    Situation,
    Tags,
    Texts,
    choose,
    fill,
    fits,
    require_placeholders,
)
from lead_service.domain.source import Channel
from lead_service.domain.stage import Stage

NOW = datetime(2026, 1, 5, 2, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
HESITANT = Situation(Occasion.DUE, Stage.CONTACTED, Grade.B, None, Channel.WEBSITE)

situations = st.builds(
    Situation,
    st.sampled_from(Occasion),
    st.sampled_from([stage for stage in Stage if not stage.is_closed]),
    st.sampled_from(Grade),
    st.none() | st.sampled_from(DecisionStyle),
    st.sampled_from(Channel),
    st.none() | st.sampled_from(DefeatReason),
    st.none() | st.just(NOW - timedelta(days=3)) | st.just(NOW - timedelta(days=9)),
)


@given(situations)
def test_there_is_always_something_to_say_and_it_fits(situation):
    choice = choose(DEFAULT_SCRIPTS, situation, report_every=WEEK, at=NOW)

    assert fits(choice.script.tags, situation)
    assert choice.script.content is not Content.COMPARISON_REPORT or situation.last_report_at != NOW - timedelta(days=3)


@pytest.mark.parametrize(
    ("changes", "content"),
    [
        ({"decision_style": DecisionStyle.CAUTIOUS}, Content.COMPARISON_REPORT),
        ({"decision_style": DecisionStyle.CAUTIOUS, "last_report_at": NOW - WEEK}, Content.COMPARISON_REPORT),
        (
            {"decision_style": DecisionStyle.CAUTIOUS, "last_report_at": NOW - timedelta(days=6)},
            Content.TEST_DRIVE_INVITATION,
        ),
        ({"decision_style": DecisionStyle.DECISIVE}, Content.STOCK),
        ({"decision_style": DecisionStyle.DECISIVE, "stage": Stage.NEGOTIATING}, Content.LIMITED_OFFER),
        ({"occasion": Occasion.UNANSWERED, "decision_style": DecisionStyle.CAUTIOUS}, Content.GREETING),
        ({"reason": DefeatReason.PRICE}, Content.OBJECTION),
        ({"stage": Stage.VISITED}, Content.QUOTE),
        ({"grade": Grade.C, "stage": Stage.APPOINTED}, Content.CARE),
    ],
)
def test_what_is_said_goes_by_stage_style_and_what_was_said_before(changes, content):
    choice = choose(DEFAULT_SCRIPTS, replace(HESITANT, **changes), report_every=WEEK, at=NOW)

    assert choice.script.content is content


def test_a_choice_says_why():
    choice = choose(
        DEFAULT_SCRIPTS, replace(HESITANT, decision_style=DecisionStyle.CAUTIOUS), report_every=WEEK, at=NOW
    )

    assert choice.because == ("report_due", "occasion=due", "decision_style=cautious")


def test_of_two_that_fit_the_more_special_is_better_then_the_weightier():
    plain, light, heavy = (
        script(1, Tags()),
        script(2, Tags(stages=(Stage.CONTACTED,)), weight=1),
        script(3, Tags(stages=(Stage.CONTACTED,)), weight=2),
    )

    assert choose([replace(plain, weight=100), heavy, light], HESITANT, report_every=WEEK, at=NOW).script is heavy
    assert choose([script(4, Tags(grades=(Grade.H,)))], HESITANT, report_every=WEEK, at=NOW) is None


def test_the_default_library_speaks_both_languages_and_fills_what_it_leaves_open():
    assert len({script.id for script in DEFAULT_SCRIPTS}) == len(DEFAULT_SCRIPTS)
    for script_, locale in product(DEFAULT_SCRIPTS, ("zh-CN", "en-GB")):
        text = require_placeholders(script_.texts.in_(locale))
        assert "{" not in fill(text, name="李娜", interest=Interest("BYD", "Seal"), locale=locale)


def test_a_name_with_braces_stays_a_name():
    filled = fill("{name}, {car}", name="{car}", interest=Interest(), locale="en")

    assert filled == "{car}, the car you like"


@pytest.mark.parametrize("text", ["{phone}", "{name", "name}", "{}", "{{name}}"])
def test_a_text_that_could_not_be_filled_is_refused(text):
    with pytest.raises(ValueError, match=r"placeholder|stands alone"):
        require_placeholders(text)


def script(number: int, tags: Tags, *, weight: int = 0) -> Script:
    return Script(UUID(int=number), 1, "title", Content.CARE, tags, Texts("{name}", "{name}"), weight)
