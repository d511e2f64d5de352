"""A page ends with a cursor, and the next one starts there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from baoke_chassis.paging import InvalidCursor, Paging
from hypothesis import given
from hypothesis import strategies as st

ID = UUID("0199d3a0-0000-7000-8000-000000000001")
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.fixture(scope="session")
def after() -> Callable[..., Paging]:
    """Makes the request for what follows a page that ended with these values."""

    def make(*values: object) -> Paging:
        page = Paging(limit=1).page([values, values], cursor=lambda row: row)
        return Paging(limit=1, cursor=page.next_cursor)

    return make


def test_a_list_starts_where_there_is_no_cursor():
    paging = Paging()

    assert (paging.after_one(UUID), paging.after_instant_and_id(), paging.after_as(list)) == (None, None, None)


def test_a_page_of_rows_becomes_the_same_page_of_answers():
    page = Paging(limit=2).page([1, 2, 3], cursor=lambda row: [row])

    shown = page.showing(str)

    assert (shown.items, shown.next_cursor) == (["1", "2"], page.next_cursor)


@given(st.uuids())
def test_a_list_ordered_by_id_goes_on_after_the_last_one(after: Callable[..., Paging], last: UUID):
    assert after(last).after_one(UUID) == last


@given(st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=ZONES), st.uuids())  # noqa: DTZ001 (bounds)
def test_a_list_ordered_by_instant_and_id_goes_on_after_both(after: Callable[..., Paging], at: datetime, last: UUID):
    assert after(at, last).after_instant_and_id() == (at, last)


def test_instants_are_handed_out_in_utc(after: Callable[..., Paging]):
    beijing = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))

    at, _ = after(beijing, ID).after_instant_and_id()

    assert (at, at.tzinfo) == (datetime(2026, 1, 1, tzinfo=UTC), UTC)


@pytest.mark.parametrize("values", [(), ("x",), (ID, ID)])
def test_a_cursor_of_another_list_is_refused_by_one_of_ids(after: Callable[..., Paging], values: tuple[object, ...]):
    with pytest.raises(InvalidCursor):
        after(*values).after_one(UUID)


@pytest.mark.parametrize(
    "values",
    [
        (ID,),
        ("2026-01-01T00:00:00+00:00", "x"),
        ("2026-01-01T00:00:00", ID),
        ("0001-01-01T00:00:00+23:00", ID),
        ("2026-01-01T00:00:00+00:00", ID, "more"),
    ],
)
def test_a_cursor_of_another_list_is_refused_by_one_of_instants(
    after: Callable[..., Paging], values: tuple[object, ...]
):
    with pytest.raises(InvalidCursor):
        after(*values).after_instant_and_id()


@pytest.mark.parametrize("cursor", ["x", "%", "é", "e30", "WzFd", "WyJhIg"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str):
    with pytest.raises(InvalidCursor):
        Paging(cursor=cursor)
