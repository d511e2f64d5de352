"""Every event that a test makes a service publish holds to the closed schema that is stored for its type."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import baoke_events
from baoke_events.contracts.drafts import published
from baoke_events.contracts.headers import HEADERS, headers_of
from baoke_events.contracts.shelf import Shelf
from jsonschema_rs import Draft202012Validator

SCHEMAS = Path(baoke_events.__file__).parents[2] / "schemas"

Pair = tuple[str, str]
"""A service, and a type that it publishes."""

NEEDS_RECEIPTS: frozenset[Pair] = frozenset({("notification-service", "baoke.message.delivered.v1")})
"""Said when a provider reports back that a message arrived; neither SMTP nor the local outbox does."""


class PublishedEvents:
    """Judges records as they were written, and remembers who said what."""

    def __init__(self) -> None:
        self._validators: dict[str, tuple[Draft202012Validator, Draft202012Validator]] = {}
        self.seen: set[Pair] = set()

    def judge(self, headers: Mapping[str, str], payload: bytes | None) -> str | None:
        """What is wrong with a record, in a sentence; None if nothing is. A tombstone has headers only.

        Raises:
            KeyError: the record has no type, or one that was never published.
        """
        type_, service = headers["ce_type"], headers["ce_source"].removeprefix("/baoke/")
        of_headers, of_data = self._validators_of(type_)
        for validator, value in ((of_headers, dict(headers)), (of_data, payload and json.loads(payload))):
            if value is not None and (error := next(validator.iter_errors(value), None)):
                return f"{service} published a {type_} that breaks its contract: {error}"
        self.seen.add((service, type_))
        return None

    @staticmethod
    def promised() -> set[Pair]:
        """Every service with every type it says it publishes."""
        return {(service, name) for name, kind in published().items() for service in kind.publishers}

    def _validators_of(self, name: str) -> tuple[Draft202012Validator, Draft202012Validator]:
        if name not in self._validators:
            headers = {**HEADERS, "allOf": [headers_of(published()[name])]}
            contract = Shelf(SCHEMAS).current(name)
            if contract is None:
                raise KeyError(f"{name} was never published; `make contract ACCEPT=1`")
            self._validators[name] = _compiled(headers), _compiled(contract.schema)
        return self._validators[name]


def _compiled(schema: Mapping[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(dict(schema), validate_formats=True)


def missing(seen: Iterable[Pair]) -> list[str]:
    """What no test has made a service say, though it says that it does; and what one did though we say it cannot."""
    return sorted(f"{service}: {name}" for service, name in (PublishedEvents.promised() - set(seen)) ^ NEEDS_RECEIPTS)
