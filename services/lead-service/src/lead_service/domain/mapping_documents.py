"""A field mapping as a document of JSON types: what is sent, kept and shipped.

An alternative that is just a place is written as its text.
"""

from collections.abc import Mapping
from typing import Any

from lead_service.domain.mapping import Alternative, FieldMapping, LeadField, MoneyUnit


def mapping_of(document: Mapping[str, Any]) -> FieldMapping:
    """The mapping that a document says; what it leaves out is the default.

    Raises:
        ValueError: it says none that works.
    """
    fields = {LeadField(name): tuple(map(_alternative, ways)) for name, ways in document["fields"].items()}
    rest = {name: value for name, value in document.items() if name != "fields" and value is not None}
    for name in ("embedded_json", "time_formats"):
        if name in rest:
            rest[name] = tuple(rest[name])
    if "budget_unit" in rest:
        rest["budget_unit"] = MoneyUnit(rest["budget_unit"])
    return FieldMapping(fields, **rest)


def document_of(mapping: FieldMapping) -> dict[str, Any]:
    """The document that says the mapping."""
    return {
        "fields": {str(name): [_written(way) for way in ways] for name, ways in mapping.fields.items()},
        "list_root": mapping.list_root,
        "embedded_json": list(mapping.embedded_json),
        "time_formats": list(mapping.time_formats),
        "budget_unit": str(mapping.budget_unit),
        "sent_time": mapping.sent_time,
    }


def _alternative(written: str | Mapping[str, Any]) -> Alternative:
    if isinstance(written, str):
        return Alternative(at=written)
    at, constant, otherwise, label = (written.get(name) for name in ("at", "constant", "otherwise", "label"))
    return Alternative(at, constant, written.get("table") or {}, otherwise, label)


def _written(way: Alternative) -> str | dict[str, Any]:
    if way.at is not None and not way.table and way.otherwise is None and way.label is None:
        return way.at
    named = {"at": way.at, "constant": way.constant, "table": dict(way.table), "otherwise": way.otherwise}
    named["label"] = way.label
    return {name: value for name, value in named.items() if value not in (None, {})}
