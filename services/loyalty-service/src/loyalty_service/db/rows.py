"""Many rows in one statement whose text does not depend on how many they are.

Columns travel as arrays and are unnested by the server: one plan, one round trip, and rows are
locked in the order in which they are given.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, TableValuedAlias, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import Insert, insert

from loyalty_service.db.tables import Base

Key = tuple[UUID, UUID]
"""A dealer group and an id within it."""

Row = Mapping[str, Any]


def unnested(table: type[Base], rows: Sequence[Row], name: str = "given") -> TableValuedAlias:
    """The rows (at least one, all with the same columns of `table`) as a table to join or select from."""
    columns = [column(key, table.__table__.c[key].type) for key in rows[0]]
    arrays = [bindparam(c.name, [row[c.name] for row in rows], type_=ARRAY(c.type), unique=True) for c in columns]
    return func.unnest(*arrays).table_valued(*columns).render_derived(name=name)


def keyed(table: type[Base], name: str, keys: Iterable[Key]) -> TableValuedAlias:
    """The keys, sorted and each once, as a table with `dealer_id` and the column `name`."""
    return unnested(table, [{"dealer_id": dealer_id, name: id_} for dealer_id, id_ in sorted(set(keys))])


def insertion(table: type[Base], rows: Sequence[Row]) -> Insert:
    """An insert of the rows (at least one), to which a conflict clause can be added."""
    source = unnested(table, rows)
    return insert(table).from_select(list(rows[0]), select(*source.c))


def fields_of(value: Any) -> dict[str, Any]:
    """The fields of a frozen value (with slots) by name, as they are: nothing is copied."""
    return {name: getattr(value, name) for name in value.__slots__}


def whole(table: type[Base]) -> Select[Any]:
    """All columns of the table as plain rows, which unlike mapped instances never go stale in a session."""
    return select(*table.__table__.c)
