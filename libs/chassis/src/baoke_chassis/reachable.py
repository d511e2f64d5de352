"""What a function can come to, read from its compiled code: the functions and classes of ours that it names.

The API documents use it to tell which refusals a route can answer with, so that nobody keeps such lists by hand. It
errs on the side of too much: what is named counts as used.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from inspect import unwrap
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, get_args, get_type_hints

Thing = FunctionType | type


def reachable(starts: Iterable[Callable[..., Any]], *, packages: Collection[str]) -> frozenset[Thing]:
    """The starts, everything that they name, what that names, and so on, as far as `packages` (top-level) define it.

    What is read from the database was valid when it was written: functions of a `db` module are followed, the
    constructors of the values they make are not.
    """
    seen: set[Thing] = set()
    found = [_function(start) for start in starts]
    while found:
        thing = found.pop()
        if thing in seen or not isinstance(thing, FunctionType | type):
            continue
        if thing.__module__.partition(".")[0] in packages:
            seen.add(thing)
            found += _constructors(thing) if isinstance(thing, type) else _named(thing)
    return frozenset(seen)


def _function(thing: Any) -> Any:
    if isinstance(thing, MethodType):
        return thing.__func__
    if isinstance(thing, FunctionType | type):
        return unwrap(thing)
    return getattr(type(thing), "__call__", None)  # noqa: B004 (the function behind an object that can be called)


def _constructors(kind: type) -> list[Any]:
    return [vars(kind)[name] for name in ("__init__", "__post_init__") if name in vars(kind)]


def _named(function: FunctionType) -> list[Any]:
    """What the function's code names: globals, closures, attributes of modules and of its parameters' classes."""
    names = {name for code in _codes(function.__code__) for name in (*code.co_names, *code.co_freevars)}
    scope = function.__globals__ | _closure(function)
    things = [scope[name] for name in names if name in scope]
    holders = [thing for thing in things if isinstance(thing, ModuleType | type)] + list(_parameters(function))
    things += [getattr(holder, name) for holder in holders for name in names if hasattr(holder, name)]
    if ".db." in function.__module__:
        things = [thing for thing in things if not isinstance(thing, type) or issubclass(thing, Exception)]
    return [_function(thing) for thing in things if callable(thing)]


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and that of the functions and comprehensions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _closure(function: FunctionType) -> dict[str, Any]:
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells}


def _parameters(function: FunctionType) -> Iterator[type]:
    """The classes that the function's annotations name."""
    try:
        hints = get_type_hints(function)
    except (NameError, TypeError):
        return
    for hint in hints.values():
        yield from (kind for kind in (hint, *get_args(hint)) if isinstance(kind, type))
