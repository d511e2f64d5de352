"""Differences in what one place of an operation carries: a parameter, a body, an answer."""

from collections.abc import Iterator
from typing import Any

from baoke_events.contracts.compat import compare
from baoke_events.contracts.verdicts import Rule as SchemaRule

from baoke_chassis.http_contracts.operations import Operation
from baoke_chassis.http_contracts.verdicts import AnyChange, Change, Rule, SchemaChange

Content = tuple[Operation, dict[str, Any]]
"""A schema, or a body or answer with its `content`, and the operation whose components it refers to."""


def body_changes(place: str, old: Content, new: Content, *, is_request: bool) -> Iterator[AnyChange]:
    """What changed from one body to the next, media type by media type."""
    (was, before), (is_now, after) = ((operation, body.get("content", {})) for operation, body in (old, new))
    for kind in sorted(before.keys() | after.keys()):
        if kind not in after or kind not in before:
            yield Change(Rule.MEDIA_TYPE_REMOVED if kind in before else Rule.MEDIA_TYPE_ADDED, place, kind)
        else:
            schemas = ((was, before[kind].get("schema", {})), (is_now, after[kind].get("schema", {})))
            yield from schema_changes(place, *schemas, is_request=is_request)


def schema_changes(place: str, old: Content, new: Content, *, is_request: bool) -> Iterator[AnyChange]:
    """What changed from one schema to the next; words for people do not count."""
    before, after = ({**schema, "$defs": operation.schemas} for operation, schema in (old, new))
    for change in compare(before, after):
        if change.rule is not SchemaRule.PROSE_CHANGED:
            yield SchemaChange(change.rule, f"{place} {change.place}", is_request, change.detail)
