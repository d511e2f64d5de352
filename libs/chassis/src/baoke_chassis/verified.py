"""Tokens that were found valid lately: verifying one anew costs as much CPU as the two inserts of a request."""

from time import time
from typing import Generic, TypeVar

T = TypeVar("T")

KEPT_S = 60
"""How long a verification counts. A key that its issuer withdraws admits nobody for longer than this and a refetch."""

MOST = 1_000


class Verified(Generic[T]):
    """What each of the latest `MOST` tokens said, for `KEPT_S` seconds at most and never beyond its own end."""

    def __init__(self) -> None:
        self._said: dict[str, tuple[float, T]] = {}

    def get(self, token: str) -> T | None:
        """What the token said, if it was verified lately and has not ended."""
        until, said = self._said.get(token, (0.0, None))
        return said if time() < until else None

    def keep(self, token: str, said: T, *, ends_at: float) -> None:
        """Remember what the token said; `ends_at` is its `exp`, in seconds since 1970."""
        self._said.pop(token, None)
        self._said[token] = (min(time() + KEPT_S, ends_at), said)
        if len(self._said) > MOST:
            del self._said[next(iter(self._said))]
