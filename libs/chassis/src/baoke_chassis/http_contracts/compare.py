"""Every difference between two OpenAPI documents of one service, each with its verdict."""

from collections.abc import Iterator, Sequence
from typing import Any

from baoke_chassis.http_contracts.operations import Operation, operations_of
from baoke_chassis.http_contracts.places import body_changes, schema_changes
from baoke_chassis.http_contracts.verdicts import AnyChange, Change, Rule

Document = dict[str, Any]


def compare(old: Document, new: Document) -> Sequence[AnyChange]:
    """Every difference from `old` to `new`, operation by operation; empty if they are the same."""
    before, after = operations_of(old), operations_of(new)
    changes: list[AnyChange] = [Change(Rule.OPERATION_REMOVED, name) for name in before if name not in after]
    for name, operation in after.items():
        if name in before:
            changes += _operation_changes(before[name], operation)
        else:
            changes.append(Change(Rule.OPERATION_ADDED, name))
    if not changes and old != new:
        return [Change(Rule.PROSE_CHANGED, "document")]
    return changes


def breaking(changes: Sequence[AnyChange]) -> Sequence[AnyChange]:
    """Those changes that callers of before would stumble over."""
    return [change for change in changes if change.breaks]


def _operation_changes(old: Operation, new: Operation) -> Iterator[AnyChange]:
    if old.spec["operationId"] != new.spec["operationId"]:
        yield Change(Rule.OPERATION_RENAMED, new.name, f"{old.spec['operationId']} to {new.spec['operationId']}")
    yield from _access_changes(old, new)
    yield from _parameter_changes(old, new)
    yield from _request_changes(old, new)
    yield from _success_changes(old, new)
    yield from _problem_changes(old, new)


def _access_changes(old: Operation, new: Operation) -> Iterator[AnyChange]:
    if old.admits is None or new.admits is None:
        if old.admits != new.admits:
            yield Change(Rule.ACCESS_TIGHTENED if old.admits is None else Rule.ACCESS_WIDENED, new.name)
        return
    for gone in sorted(old.admits - new.admits):
        yield Change(Rule.ACCESS_TIGHTENED, new.name, gone)
    for come in sorted(new.admits - old.admits):
        yield Change(Rule.ACCESS_WIDENED, new.name, come)


def _parameter_changes(old: Operation, new: Operation) -> Iterator[AnyChange]:
    for key, parameter in new.parameters.items():
        place, needed = f"{new.name} {' '.join(key)}", parameter.get("required", False)
        was = old.parameters.get(key)
        if was is None:
            yield Change(Rule.REQUIRED_PARAMETER_ADDED if needed else Rule.PARAMETER_ADDED, place)
            continue
        if was.get("required", False) != needed:
            yield Change(Rule.PARAMETER_BECAME_REQUIRED if needed else Rule.PARAMETER_BECAME_OPTIONAL, place)
        yield from schema_changes(place, (old, was["schema"]), (new, parameter["schema"]), is_request=True)
    for key in old.parameters.keys() - new.parameters.keys():
        yield Change(Rule.PARAMETER_REMOVED, f"{new.name} {' '.join(key)}")


def _request_changes(old: Operation, new: Operation) -> Iterator[AnyChange]:
    place = f"{new.name} body"
    if old.body is None or new.body is None:
        if old.body != new.body:
            yield Change(Rule.BODY_ADDED if old.body is None else Rule.BODY_REMOVED, place)
        return
    yield from body_changes(place, (old, old.body), (new, new.body), is_request=True)


def _success_changes(old: Operation, new: Operation) -> Iterator[AnyChange]:
    for status in sorted(old.successes.keys() | new.successes.keys()):
        place, was, is_now = f"{new.name} {status}", old.successes.get(status), new.successes.get(status)
        if was is None or is_now is None:
            yield Change(Rule.SUCCESS_ADDED if was is None else Rule.SUCCESS_REMOVED, place)
            continue
        yield from body_changes(place, (old, was), (new, is_now), is_request=False)
        before, after = was.get("headers", {}).keys(), is_now.get("headers", {}).keys()
        yield from (Change(Rule.HEADER_REMOVED, place, name) for name in sorted(before - after))
        yield from (Change(Rule.HEADER_ADDED, place, name) for name in sorted(after - before))


def _problem_changes(old: Operation, new: Operation) -> Iterator[AnyChange]:
    yield from (Change(Rule.PROBLEM_REMOVED, new.name, name) for name in sorted(old.problems - new.problems))
    yield from (Change(Rule.PROBLEM_ADDED, new.name, name) for name in sorted(new.problems - old.problems))
