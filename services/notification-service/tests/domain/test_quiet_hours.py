"""Quiet hours on clocks all over the world."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notification_service.domain.quiet_hours import QuietHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = QuietHours()

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
instants = st.integers(631_152_000, 2_114_380_800).map(lambda s: datetime.fromtimestamp(s, UTC))  # 1990 to 2036
clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))
spans = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))


@pytest.mark.parametrize(
    ("clock", "quiet"),
    [("20:59", False), ("21:00", True), ("00:00", True), ("07:59", True), ("08:00", False), ("12:00", False)],
)
def test_the_night_begins_at_nine_and_ends_at_eight(clock: str, quiet: bool) -> None:
    assert NIGHT.holds_at(time.fromisoformat(clock)) is quiet


def test_quiet_hours_within_one_day_do_not_reach_over_midnight() -> None:
    siesta = QuietHours(time(13), time(15))

    assert siesta.holds_at(time(14))
    assert not siesta.holds_at(time(15))
    assert not siesta.holds_at(time(1))


def test_a_message_at_half_past_nine_in_shanghai_waits_for_eight_the_next_morning() -> None:
    at = datetime(2026, 3, 1, 21, 30, tzinfo=SHANGHAI)

    assert NIGHT.quiet_until(at, SHANGHAI) == datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)


def test_a_message_after_midnight_waits_for_the_same_morning() -> None:
    at = datetime(2026, 3, 2, 0, 30, tzinfo=SHANGHAI)

    assert NIGHT.quiet_until(at, SHANGHAI) == datetime(2026, 3, 2, 8, 0, tzinfo=SHANGHAI)


def test_the_customers_zone_decides_and_not_ours() -> None:
    noon_in_shanghai = datetime(2026, 1, 15, 12, 0, tzinfo=SHANGHAI)

    assert NIGHT.quiet_until(noon_in_shanghai, SHANGHAI) is None
    assert NIGHT.quiet_until(noon_in_shanghai, BERLIN) == datetime(2026, 1, 15, 8, 0, tzinfo=BERLIN)


def test_a_night_that_loses_an_hour_to_summer_time_ends_at_eight_on_the_clock() -> None:
    at = datetime(2026, 3, 28, 22, 0, tzinfo=BERLIN)

    until = NIGHT.quiet_until(at, BERLIN)

    assert until == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert until - at.astimezone(UTC) == timedelta(hours=9)


def test_an_end_that_the_clock_skips_comes_when_the_clock_has_jumped_over_it() -> None:
    until_half_past_two = QuietHours(time(21), time(2, 30))

    until = until_half_past_two.quiet_until(datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN), BERLIN)

    assert until is not None
    assert until.astimezone(BERLIN).time() == time(3, 30)


def test_equal_ends_are_refused_because_they_could_mean_always_or_never() -> None:
    with pytest.raises(ValueError, match="two different times"):
        QuietHours(time(8), time(8))


@given(spans, instants, zones)
def test_quiet_ends_after_now_within_two_days_and_outside_quiet_hours(
    quiet_hours: QuietHours, now: datetime, zone: ZoneInfo
) -> None:
    until = quiet_hours.quiet_until(now, zone)

    if until is None:
        assert not quiet_hours.holds_at(now.astimezone(zone).time())
    else:
        assert now < until <= now + timedelta(days=2)
        assert_shows_the_end_or_has_jumped_over_it(quiet_hours, until.astimezone(zone))


def assert_shows_the_end_or_has_jumped_over_it(quiet_hours: QuietHours, until: datetime) -> None:
    end = until.replace(hour=quiet_hours.end.hour, minute=quiet_hours.end.minute, second=0, microsecond=0)
    is_skipped = end.astimezone(UTC).astimezone(end.tzinfo).time() != end.time()
    assert until.time() == quiet_hours.end or is_skipped
