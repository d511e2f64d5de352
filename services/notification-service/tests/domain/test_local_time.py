"""Days as the customer's calendar counts them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notification_service.domain.local_time import local_date, next_day_starts_at, zone_of

zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
instants = st.integers(631_152_000, 2_114_380_800).map(lambda s: datetime.fromtimestamp(s, UTC))  # 1990 to 2036


def test_the_day_in_shanghai_begins_eight_hours_before_ours() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")

    assert local_date(datetime(2026, 5, 1, 15, 59, tzinfo=UTC), shanghai) == date(2026, 5, 1)
    assert local_date(datetime(2026, 5, 1, 16, 0, tzinfo=UTC), shanghai) == date(2026, 5, 2)


def test_a_day_whose_midnight_the_clock_skips_begins_an_hour_later() -> None:
    beirut = ZoneInfo("Asia/Beirut")

    starts_at = next_day_starts_at(datetime(2022, 3, 26, 12, 0, tzinfo=beirut), beirut)

    assert starts_at.astimezone(beirut) == datetime(2022, 3, 27, 1, 0, tzinfo=beirut)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "America", "\0"])
def test_a_zone_that_does_not_exist_is_read_as_chinas(name: str) -> None:
    assert zone_of(name).key == "Asia/Shanghai"


@given(instants, zones)
def test_the_next_day_begins_after_now_and_on_a_later_date(now: datetime, zone: ZoneInfo) -> None:
    starts_at = next_day_starts_at(now, zone)

    assert now < starts_at
    assert local_date(starts_at, zone) > local_date(now, zone)


@given(instants, zones)
def test_just_before_the_next_day_begins_it_is_still_today(now: datetime, zone: ZoneInfo) -> None:
    just_before = next_day_starts_at(now, zone) - timedelta(microseconds=1)

    assert local_date(just_before, zone) == local_date(now, zone)
