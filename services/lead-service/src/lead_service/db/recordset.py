"""Any number of rows as one parameter, so that a statement is the same for one row and for thousands.

A multi-row VALUES list has a bound parameter a cell: PostgreSQL takes 32,767 of them, and its text is
compiled anew for every number of rows. Here the rows travel as one JSON document; `json`, which is
read where it stands, costs PostgreSQL less than `jsonb`, which is built first.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import FromClause, Table, Text, bindparam, cast, column, func
from sqlalchemy.dialects.postgresql import JSON


def recordset(table: Table, names: Sequence[str], *, alias: str = "given") -> FromClause:
    """A relation of the rows that `bound` makes a parameter of, with these columns of `table` in their types."""
    columns = [column(name, table.c[name].type) for name in names]
    rows = cast(bindparam("rows", type_=Text), JSON)
    return func.json_to_recordset(rows).table_valued(*columns, name=alias).render_derived(name=alias, with_types=True)


def bound(rows: Sequence[Mapping[str, Any]]) -> str:
    """The one parameter of a statement over a `recordset`."""
    return to_json(rows).decode()
