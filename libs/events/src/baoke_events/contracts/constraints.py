"""How the keywords that confine one place of a schema changed."""

from collections.abc import Iterator
from typing import Any

from baoke_events.contracts.normal_form import Shape
from baoke_events.contracts.verdicts import Change, Rule

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_FORM = ("pattern", "format")
_STRUCTURE = ("type", "enum", "const", "default", "properties", "required", "additionalProperties", "items")
_RULED = {*_LOWER, *_UPPER, *_FORM, *_STRUCTURE}


def constraint_changes(place: str, old: Shape, new: Shape) -> Iterator[Change]:
    """Every change of nullability, type, enum, bounds, form, and of keywords that have no rule."""
    if old.nullable != new.nullable:
        yield Change(Rule.NULLABLE_ADDED if new.nullable else Rule.NULLABLE_REMOVED, place)
    yield from _type_changes(place, old.keywords.get("type"), new.keywords.get("type"))
    yield from _enum_changes(place, old.allowed, new.allowed)
    for keyword in (*_LOWER, *_UPPER):
        yield from _bound_changes(place, keyword, old.keywords.get(keyword), new.keywords.get(keyword))
    for keyword in _FORM:
        yield from _form_changes(place, keyword, old.keywords.get(keyword), new.keywords.get(keyword))
    for keyword in sorted((old.keywords.keys() | new.keywords.keys()) - _RULED):
        if old.keywords.get(keyword) != new.keywords.get(keyword):
            yield Change(Rule.CONSTRAINT_CHANGED, place, keyword)


def _type_changes(place: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    rule = {
        ("integer", "number"): Rule.TYPE_WIDENED,
        ("number", "integer"): Rule.TYPE_NARROWED,
    }.get((old, new), Rule.TYPE_CHANGED)
    yield Change(rule, place, f"{old} to {new}")


def _enum_changes(place: str, old: list[Any] | None, new: list[Any] | None) -> Iterator[Change]:
    gone = [value for value in old or () if new is not None and value not in new]
    come = [value for value in new or () if old is not None and value not in old]
    if gone or (old is None and new is not None):
        yield Change(Rule.ENUM_NARROWED, place, _listed(gone or new))
    if come or (old is not None and new is None):
        yield Change(Rule.ENUM_WIDENED, place, _listed(come or old))


def _listed(values: list[Any] | None) -> str:
    return ", ".join(map(str, values or ()))


def _bound_changes(place: str, keyword: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    appeared_or_rose = old is None or (new is not None and new > old)
    appeared_or_fell = old is None or (new is not None and new < old)
    tightened = appeared_or_rose if keyword in _LOWER else appeared_or_fell
    yield Change(Rule.BOUNDS_TIGHTENED if tightened else Rule.BOUNDS_LOOSENED, place, f"{keyword} {old} to {new}")


def _form_changes(place: str, keyword: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    changed = Rule.PATTERN_CHANGED if new is not None else Rule.PATTERN_REMOVED
    yield Change(changed if old is not None else Rule.PATTERN_ADDED, place, f"{keyword} {old} to {new}")
