"""Which function hears which event."""

from collections.abc import Callable, Iterable, KeysView, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from baoke_events.event import Event

E = TypeVar("E", bound=Event)


class Handler(Protocol):
    """Applies events, oldest first, inside the caller's transaction. Called with at least one."""

    __name__: str

    async def __call__(self, session: AsyncSession, events: Sequence[Any], *, now: datetime) -> None:
        """Apply the events."""


H = TypeVar("H", bound=Handler)


class Subscriptions:
    """A service's handlers by event type."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}

    def on(self, *types: type[Event]) -> Callable[[H], H]:
        """Register a handler for one type, or for several of one topic whose order among each other matters."""

        def register(handler: H) -> H:
            for type_ in types:
                self._handlers.setdefault(type_.type, []).append(handler)
            return handler

        return register

    @classmethod
    def of(cls, parts: Iterable["Subscriptions"]) -> "Subscriptions":
        """All subscriptions of a service, in the order given."""
        whole = cls()
        for part in parts:
            for type_, handlers in part._handlers.items():  # noqa: SLF001 (its own class)
                whole._handlers.setdefault(type_, []).extend(handlers)
        return whole

    @property
    def types(self) -> KeysView[str]:
        """The event types somebody here hears."""
        return self._handlers.keys()

    @property
    def topics(self) -> list[str]:
        """The topics these types travel on."""
        return sorted({Event.registry[type_].topic for type_ in self._handlers})

    def plan(self, events: Sequence[Event]) -> list[tuple[Handler, list[Event]]]:
        """As few calls as keep each key's order.

        An event joins its handler's latest call, unless a later call already holds an event of the
        same key and of another type, which came before it.
        """
        if len(types := {event.type for event in events}) == 1:
            return [(handler, list(events)) for handler in self._handlers.get(types.pop(), [])]
        calls: list[tuple[Handler, list[Event]]] = []
        latest: dict[Handler, int] = {}
        reached: dict[str, dict[str, int]] = {}
        for event in events:
            by_type = reached.setdefault(event.subject, {})
            earliest = max((place for type_, place in by_type.items() if type_ != event.type), default=0)
            for handler in self._handlers.get(event.type, []):
                place = latest.get(handler, -1)
                if place < earliest:
                    place = latest[handler] = len(calls)
                    calls.append((handler, []))
                calls[place][1].append(event)
                by_type[event.type] = max(place, by_type.get(event.type, 0))
        return calls
