from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_reminder.domain.slots import Workshop, offers, slots_on

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2027, 3, 1)


def test_a_days_slots_follow_from_the_hours():
    workshop = Workshop(opens=time(8), closes=time(12), slot_minutes=90)

    assert slots_on(workshop, MONDAY, SHANGHAI) == [
        datetime(2027, 3, 1, 0, 0, tzinfo=UTC),
        datetime(2027, 3, 1, 1, 30, tzinfo=UTC),
    ]


def test_a_closed_day_has_no_slots():
    assert slots_on(Workshop(open_days=(2, 3, 4, 5, 6)), MONDAY, SHANGHAI) == []


@given(
    st.times(),
    st.times(),
    st.integers(5, 600),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"]),
)
def test_slots_never_begin_before_opening_and_end_by_closing(one, other, minutes, on, zone_name):
    opens, closes = sorted([one, other])
    if opens == closes:
        return
    zone = ZoneInfo(zone_name)
    slots = slots_on(Workshop(opens=opens, closes=closes, slot_minutes=minutes), on, zone)

    assert slots == sorted(set(slots))
    for starts_at in slots:
        assert starts_at.astimezone(zone).date() in {on, on + timedelta(days=1)}


def test_only_a_slot_that_has_not_started_is_offered():
    workshop, nine = Workshop(opens=time(9), closes=time(17)), datetime(2027, 3, 1, 1, tzinfo=UTC)
    before = nine - timedelta(seconds=1)

    assert offers(workshop, nine, SHANGHAI, now=before)
    assert not offers(workshop, nine, SHANGHAI, now=nine)
    assert not offers(workshop, nine + timedelta(minutes=1), SHANGHAI, now=before)


@pytest.mark.parametrize(
    "wrong",
    [
        {"bays": 0},
        {"slot_minutes": 1},
        {"opens": time(18), "closes": time(9)},
        {"opens": time(9, tzinfo=UTC)},
        {"open_days": (0,)},
        {"hold_minutes": 0},
    ],
)
def test_a_workshop_that_cannot_be_is_none(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong)) if "opens" not in wrong else "opens"):
        Workshop(**wrong)
