"""Many rows in one statement of constant size: each column travels as one array."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import FromClause, TextClause, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from customer_service.domain.customers import Key

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_of(table: FromClause, then: str = "", *, without: Sequence[str] = ()) -> TextClause:
    """Return an insert of the table's columns (`without` some) that takes one array per column, named like it."""
    columns = [column for column in table.columns if column.name not in without]
    names = ", ".join(column.name for column in columns)
    arrays = ", ".join(f"CAST(:{column.name} AS {_sent_as(column.type)}[])" for column in columns)
    values = ", ".join(
        f"CAST({column.name} AS jsonb)" if isinstance(column.type, JSONB) else column.name for column in columns
    )
    return text(f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS row ({names}) {then}")


def arrays(rows: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return the rows' values column by column. There is at least one row, and all have the same columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}


def key_arrays(keys: Iterable[Key]) -> dict[str, list[Any]]:
    """Return keys, in their order, as the arrays `dealers` and `ids`."""
    ordered = sorted(set(keys))
    return {"dealers": [dealer for dealer, _ in ordered], "ids": [id_ for _, id_ in ordered]}


def _sent_as(type_: Any) -> str:
    """JSON travels as text: arrays of jsonb would need an encoder of their own."""
    return "text" if isinstance(type_, JSONB) else str(type_.compile(dialect=DIALECT))


KEYS = "unnest(CAST(:dealers AS uuid[]), CAST(:ids AS uuid[])) AS key (dealer_id, id)"
"""A set of keys to join with; see `key_arrays`."""
