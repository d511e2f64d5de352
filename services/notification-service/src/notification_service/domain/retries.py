"""How often a provider that does not answer is asked again."""

from datetime import timedelta

_PAUSES = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=3), timedelta(minutes=15))


def pause_after(attempt: int) -> timedelta | None:
    """How long to wait after the `attempt`-th try (from 1) failed; none when it was the last."""
    return _PAUSES[attempt - 1] if attempt <= len(_PAUSES) else None
