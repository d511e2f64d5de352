"""What is tried again, and what is set aside."""

import asyncpg
import pytest
from baoke_events.consuming.consumer import is_transient
from sqlalchemy.exc import DBAPIError

DEADLOCK, DUPLICATE = asyncpg.DeadlockDetectedError("deadlock"), asyncpg.UniqueViolationError("twice")


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        TimeoutError(),
        DEADLOCK,
        DBAPIError("SELECT", None, DEADLOCK),
        DBAPIError("SELECT", None, DUPLICATE, connection_invalidated=True),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
    ],
    ids=repr,
)
def test_what_passes_by_itself_is_tried_again(error):
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a stage nobody knows"),
        DUPLICATE,
        DBAPIError("INSERT", None, DUPLICATE),
        asyncpg.exceptions.DataError("invalid input for query argument $1"),
    ],
    ids=repr,
)
def test_what_would_fail_again_is_not(error):
    assert not is_transient(error)
