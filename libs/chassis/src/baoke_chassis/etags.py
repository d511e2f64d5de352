"""Optimistic concurrency over HTTP: `ETag` and `If-Match` (RFC 9110)."""

from typing import Annotated

from fastapi import Depends, Header, Response

from baoke_chassis.versions import StaleVersion


async def _if_match(
    if_match: Annotated[str | None, Header(alias="If-Match", description="the ETag last seen")] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    bare = if_match.strip().removeprefix("W/").strip('"')
    if not bare.isdigit():
        raise StaleVersion(f"{if_match} is not the current ETag")
    return int(bare)


IfMatch = Annotated[int | None, Depends(_if_match)]
"""The version a writer last saw, or None where it does not care."""


def set_etag(response: Response, version: int) -> None:
    """Name the version an answer shows."""
    response.headers["ETag"] = f'"{version}"'
