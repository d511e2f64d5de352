"""Statements that run with every request or batch, handed to the driver.

`AsyncSession.execute` spends nearly five times the CPU on a small statement that `fetch` does (`make bench
ONLY=statement`). SQLAlchemy keeps the connection and the transaction.
"""

from collections.abc import Sequence
from typing import Any, cast

import asyncpg
from asyncpg import Record
from sqlalchemy import ClauseElement
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import await_

_DIALECT = postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]

_DRIVER = "baoke_events.driver"
"""`session.info` key of the innermost transaction, begun by SQLAlchemy, and the driver's connection it is open on."""


def sql_of(statement: ClauseElement) -> str:
    """The text of a statement with its parameters as `$1`, `$2` … in the order of their first use."""
    return str(statement.compile(dialect=_DIALECT))


def compiled(statement: ClauseElement) -> tuple[str, list[Any]]:
    """The text of a statement with its values as `$1`, `$2` …, and those values in that order."""
    made = cast("SQLCompiler", statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True}))
    return str(made), [made.params[name] for name in made.positiontup or ()]


async def fetch(session: AsyncSession, sql: str, *arguments: Any) -> Sequence[Record]:
    """The rows of a statement, run in the session's transaction.

    Raises:
        sqlalchemy.exc.DBAPIError: as `AsyncSession.execute` raises it.
    """
    transaction, driver = session.info.get(_DRIVER, (None, None))
    if driver is None or transaction is not _innermost(session):
        driver = await _driver(session)
    try:
        rows: Sequence[Record] = await driver.fetch(sql, *arguments)
    except BaseException as error:
        await session.run_sync(_fail, error)
        raise
    return rows


async def _driver(session: AsyncSession) -> asyncpg.Connection:
    """The driver's connection, kept for the rest of the session's transaction or savepoint, which is open on it."""
    driver = await session.run_sync(_open)
    session.info[_DRIVER] = _innermost(session), driver
    return driver


def _open(session: Session) -> asyncpg.Connection:
    adapted: Any = session.connection().connection.dbapi_connection
    if adapted._transaction is None:  # noqa: SLF001 (SQLAlchemy sends BEGIN with the first statement of its own)
        try:
            await_(adapted._start_transaction())  # noqa: SLF001
        except BaseException as error:
            _fail(session, error)
            raise
    driver: asyncpg.Connection = adapted.driver_connection
    return driver


def _innermost(session: AsyncSession) -> SessionTransaction | None:
    return session.sync_session.get_nested_transaction() or session.sync_session.get_transaction()


def _fail(session: Session, error: BaseException) -> None:
    """Fail as SQLAlchemy does: with its error, and without connections that are dead or in doubt."""
    connection = session.connection()
    adapted: Any = connection.connection.dbapi_connection
    try:
        adapted._handle_exception(error)  # noqa: SLF001
    except BaseException as translated:  # noqa: BLE001
        connection._handle_dbapi_exception(translated, None, None, None, None)  # noqa: SLF001
