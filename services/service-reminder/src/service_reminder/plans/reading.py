"""The content of a YAML or CSV file, as plain mappings and lists.

Nothing but scalars, lists and mappings comes out of a YAML file. Aliases are refused, because a few of them can stand
for billions of values. libyaml's parser is used: the one in Python takes half a minute for 5,000 open brackets.
"""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Any

import yaml

from service_reminder.domain.errors import Fault, InvalidPlan

_LISTED = "|"
_LONGEST = 200_000
_DEEPEST = 10


def yaml_content(text: str) -> object:
    """Read YAML (or JSON, which is YAML).

    Raises:
        InvalidPlan: it is no YAML, has aliases, or is longer or deeper than a plan can be.
    """
    _require_plan_size(text)
    try:
        _require_plain(yaml.parse(text, Loader=yaml.CSafeLoader))
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise InvalidPlan([Fault("", f"is no YAML: {_where(error)}")]) from error
    except ValueError as error:
        raise InvalidPlan([Fault("", "is no YAML: a value is out of its range")]) from error


def _require_plan_size(text: str) -> None:
    if len(text) > _LONGEST:
        raise InvalidPlan([Fault("", f"has {len(text)} characters; a plan has at most {_LONGEST}")])


def _require_plain(events: Iterable[yaml.Event]) -> None:
    """Go through a document before it is built, so that nothing large can be made of something small."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise InvalidPlan([Fault("", "has YAML aliases, which a plan does not need")])
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InvalidPlan([Fault("", f"is nested deeper than {_DEEPEST} levels")])


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "cannot be read"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem


def csv_content(text: str) -> dict[str, Any]:
    """Read a table with one item a row; lists inside a cell are written `24|48|72`.

    The columns powertrains, make, model and severe_use_factor say the same in every row, or only in the first.

    Raises:
        InvalidPlan: it is no table.
    """
    _require_plan_size(text)
    try:
        rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        raise InvalidPlan([Fault("", f"is no CSV: {error}")]) from error
    if not rows:
        raise InvalidPlan([Fault("", "has no row below the header")])
    items, plan = [], dict[str, Any]()
    for index, row in enumerate(rows):
        cells = {column: _cell(column, cell) for column, cell in row.items() if column and cell}
        if None in row:
            raise InvalidPlan([Fault(f"/items/{index}", "has more cells than the header")])
        for column in ("powertrains", "make", "model", "severe_use_factor"):
            if column in cells and plan.setdefault(column, cells.pop(column)) != _cell(column, row[column]):
                raise InvalidPlan([Fault(f"/items/{index}/{column}", "differs from the first row's")])
        items.append(cells)
    return {**plan, "items": items}


def _cell(column: str, text: str) -> object:
    text = text.strip()
    if column == "powertrains":
        return text.split(_LISTED)
    if column == "at_months":
        return [_value(part) for part in text.split(_LISTED)]
    return _value(text) if column not in {"code", "name_zh", "name_en", "make", "model"} else text


def _value(text: str) -> object:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text
