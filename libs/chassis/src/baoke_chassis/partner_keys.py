"""Keys for partner systems: made, listed and revoked by the dealer's managers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response
from pydantic import ConfigDict, Field

from baoke_chassis import api_keys
from baoke_chassis.access import Caller, Role, admits
from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction

router = Router(prefix="/v1/api-keys", tags=["access"])

Manager = Annotated[Caller, admits(Role.MANAGER, for_all_stores=True)]
"""A key is for all stores, so its maker is too."""


class ApiKeyNotFound(Exception):
    """There is no such API key."""


class NewApiKey(Body):
    """What a partner may do here."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "website form", "scopes": ["leads:write", "leads:read"]}]}
    )

    name: str = Field(min_length=1, max_length=100)
    scopes: list[Annotated[str, Field(pattern=r"^[a-z_]+:[a-z_]+$", max_length=50)]] = Field(
        min_length=1, max_length=50
    )


class MadeApiKey(Reply):
    """The key itself is shown here and never again."""

    key_id: UUID
    api_key: str


class ListedApiKey(Reply):
    """A key without its secret."""

    key_id: UUID
    name: str
    scopes: list[str]
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


@router.post("", status_code=201, summary="Make an API key")
async def make_api_key(body: NewApiKey, response: Response, session: Transaction, caller: Manager) -> MadeApiKey:
    """A partner can call this service with `X-API-Key` from now on, within the scopes.

    The answer is the only place the key is ever seen: it is not kept under an `Idempotency-Key` either.
    """
    response.headers["Cache-Control"] = "no-store"
    key_id, key = await api_keys.add(
        session, caller.dealer_id, name=body.name, scopes=body.scopes, created_by=caller.subject
    )
    return MadeApiKey(key_id=key_id, api_key=key)


@router.get("", summary="List API keys")
async def list_api_keys(
    session: Transaction, caller: Manager, paging: Annotated[Paging, Depends(Paging)]
) -> Page[ListedApiKey]:
    """The dealer's keys for this service, newest first."""
    after = UUID(paging.after[0]) if paging.after else None
    keys = await api_keys.listed(session, caller.dealer_id, after=after, limit=paging.limit + 1)
    page = paging.page(keys, cursor=lambda key: [key.key_id])
    return Page(items=[ListedApiKey.model_validate(key) for key in page.items], next_cursor=page.next_cursor)


@router.delete("/{key_id}", status_code=204, summary="Revoke an API key")
async def revoke_api_key(key_id: UUID, session: Transaction, caller: Manager) -> None:
    """The key opens nothing any more. Doing it twice is fine."""
    if not await api_keys.revoke(session, caller.dealer_id, key_id, now=utc_now()):
        raise ApiKeyNotFound(f"{key_id}")
