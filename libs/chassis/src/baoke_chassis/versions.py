"""Optimistic concurrency: a writer says which version it saw."""


class StaleVersion(Exception):
    """The resource changed since it was read."""


def require_version(expected: int | None, current: int) -> None:
    """Go on only if the writer saw the current version.

    Raises:
        StaleVersion: it saw another.
    """
    if expected is not None and expected != current:
        raise StaleVersion(f'the current ETag is "{current}"')
