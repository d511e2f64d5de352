"""What changed between two schemas of one event type, and whom it would break.

Within a version only additions with defaults are allowed (docs/events.md). Each change is judged for the readers of
today, who meet records that were written before, and for the writers of today, whom readers of before still hear.
"""

from collections.abc import Iterator, Sequence

from baoke_events.contracts.constraints import constraint_changes
from baoke_events.contracts.normal_form import Shape, bare, shape
from baoke_events.contracts.schemas import Schema
from baoke_events.contracts.verdicts import Change, Rule


def compare(old: Schema, new: Schema) -> Sequence[Change]:
    """Every difference from `old` to `new`, in the order of their properties; empty if they are the same."""
    changes = [*_routing_changes(old, new), *_place_changes("", bare(_unrouted(old)), bare(_unrouted(new)))]
    if not changes and old != new:
        return [Change(Rule.PROSE_CHANGED, "schema")]
    return changes


def breaking(changes: Sequence[Change]) -> Sequence[Change]:
    """Those changes that need a new version of the type."""
    return [change for change in changes if change.breaks]


def _routing_changes(old: Schema, new: Schema) -> Iterator[Change]:
    for keyword, rule in (("x-topic", Rule.TOPIC_CHANGED), ("x-key", Rule.KEY_CHANGED)):
        if old.get(keyword) != new.get(keyword):
            yield Change(rule, "schema", f"{old.get(keyword)} to {new.get(keyword)}")


def _unrouted(schema: Schema) -> Schema:
    return {keyword: value for keyword, value in schema.items() if not keyword.startswith("x-")}


def _place_changes(place: str, old_node: Schema, new_node: Schema) -> Iterator[Change]:
    old, new = shape(old_node), shape(new_node)
    yield from constraint_changes(place or "schema", old, new)
    yield from _openness_changes(place or "schema", old, new)
    yield from _item_changes(place, old.keywords.get("items"), new.keywords.get("items"))
    for name in {**old.properties, **new.properties}:
        yield from _property_changes(f"{place}.{name}".lstrip("."), name, old, new)


def _openness_changes(place: str, old: Shape, new: Shape) -> Iterator[Change]:
    was, is_now = (each.keywords.get("additionalProperties", True) for each in (old, new))
    if was == is_now:
        return
    if isinstance(was, bool) and isinstance(is_now, bool):
        yield Change(Rule.OPENED if is_now else Rule.CLOSED, place)
    else:
        yield Change(Rule.CONSTRAINT_CHANGED, place, "additionalProperties")


def _item_changes(place: str, old: Schema | None, new: Schema | None) -> Iterator[Change]:
    if old is not None and new is not None:
        yield from _place_changes(f"{place}[]", old, new)
    elif old != new:
        yield Change(Rule.TYPE_NARROWED if old is None else Rule.TYPE_WIDENED, f"{place}[]")


def _property_changes(place: str, name: str, old: Shape, new: Shape) -> Iterator[Change]:
    if name not in old.properties:
        yield Change(_addition(name, new), place)
    elif name not in new.properties:
        yield Change(Rule.REQUIRED_REMOVED if name in old.required else Rule.OPTIONAL_REMOVED, place)
    else:
        yield from _presence_changes(place, name, old, new)
        yield from _place_changes(place, old.properties[name], new.properties[name])


def _addition(name: str, new: Shape) -> Rule:
    if name in new.required:
        return Rule.REQUIRED_ADDED
    return Rule.OPTIONAL_ADDED if "default" in new.properties[name] else Rule.ADDED_WITHOUT_DEFAULT


def _presence_changes(place: str, name: str, old: Shape, new: Shape) -> Iterator[Change]:
    needed, needs = name in old.required, name in new.required
    if needed != needs:
        yield Change(Rule.BECAME_REQUIRED if needs else Rule.BECAME_OPTIONAL, place)
    elif not needs:
        was, is_now = (each.properties[name].get("default", "nothing") for each in (old, new))
        if was != is_now:
            yield Change(Rule.DEFAULT_CHANGED, place, f"{was} to {is_now}")
