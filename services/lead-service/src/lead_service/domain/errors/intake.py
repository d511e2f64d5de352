"""Refusals about what partners and files bring, and what is asked for in return."""

from collections.abc import Iterable
from uuid import UUID


class NotAcceptable(Exception):
    """The answer comes in other media types only."""

    def __init__(self, media_types: Iterable[str]) -> None:
        super().__init__(f"Accept {' or '.join(media_types)}.")


class SignatureRefused(Exception):
    """The webhook is not signed by a source that is known here, or not lately."""

    headers = {"WWW-Authenticate": "Webhook-Signature"}  # noqa: RUF012 (read only)


class IntakeSourceOff(Exception):
    """The source is switched off."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} takes no leads at present.")


class IntakeSourceNotFound(Exception):
    """There is no such webhook source."""

    def __init__(self, source_id: UUID) -> None:
        super().__init__(f"No webhook source {source_id} is known here.")


class SigningFixed(Exception):
    """A source keeps its way of signing, which its secrets are made for."""

    def __init__(self, signing: str) -> None:
        super().__init__(f"This source signs by {signing}; set up another one for another way.")


class RejectionsFull(Exception):
    """No more payloads that cannot be read are kept of this source, until its mapping is mended."""

    headers = {"Retry-After": "3600"}  # noqa: RUF012 (read only)

    def __init__(self, most: int) -> None:
        super().__init__(f"{most:,} payloads wait for the mapping to be mended. Nothing was taken: send it later.")


class PayloadUnreadable(Exception):
    """The payload has no leads that could be read."""

    def __init__(self, pointer: str, why: str) -> None:
        self.pointer, self.why = pointer, why
        super().__init__(f"{pointer}: {why}" if pointer else why)


class ImportNotFound(Exception):
    """There is no such import."""

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"No import {import_id} is known here.")


class ImportFinished(Exception):
    """The import has nothing left to cancel."""

    def __init__(self, import_id: UUID, state: str) -> None:
        super().__init__(f"Import {import_id} is {state}. The leads that it brought stay.")
