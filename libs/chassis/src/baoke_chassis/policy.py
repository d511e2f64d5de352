"""A dealer group's rules: versioned data with the product's defaults, one frozen dataclass tree per service."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from baoke_chassis.access import Caller, Role, admits
from baoke_chassis.etags import IfMatch, StaleVersion, require_version, set_etag
from baoke_chassis.routing import Router, Transaction

P = TypeVar("P")

_NEWEST = text("""
SELECT DISTINCT ON (dealer_id) dealer_id, version, document FROM policy
WHERE dealer_id = ANY(CAST(:dealer_ids AS uuid[])) ORDER BY dealer_id, version DESC
""")
_ADD = text("""
INSERT INTO policy (dealer_id, version, document, created_by)
VALUES (:dealer_id, :version, CAST(:document AS jsonb), :created_by) ON CONFLICT DO NOTHING RETURNING version
""")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[P]) -> TypeAdapter[P]:
    """Reads and writes policies of one kind; built once, since building is dear."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


async def policy_of(session: AsyncSession, dealer_ids: Iterable[UUID], kind: type[P]) -> dict[UUID, P]:
    """Each dealer's rules in force; the defaults for a dealer that never set any."""
    wanted = set(dealer_ids)
    rows = await session.execute(_NEWEST, {"dealer_ids": list(wanted)})
    stored = {row.dealer_id: _adapter(kind).validate_python(row.document) for row in rows}
    return {dealer_id: stored.get(dealer_id) or kind() for dealer_id in wanted}


def policy_router(kind: type[P]) -> Router:
    """`GET` and `PUT /v1/policy` for a service whose rules are `kind`."""
    router = Router(prefix="/v1/policy", tags=["policy"])

    @router.get("", summary="Show the rules in force", response_model=kind)
    async def show_policy(
        response: Response,
        session: Transaction,
        caller: Annotated[Caller, admits(Role.MANAGER, Role.AUDITOR, scope="policy:read")],
    ) -> P:
        """The dealer group's rules: what it set, and the defaults for the rest. The ETag is their version."""
        set_etag(response, await _version(session, caller.dealer_id))
        return (await policy_of(session, [caller.dealer_id], kind))[caller.dealer_id]

    @router.put("", summary="Replace the rules", response_model=kind)
    async def replace_policy(
        body: kind,  # type: ignore[valid-type]
        request: Request,
        response: Response,
        session: Transaction,
        caller: Annotated[Caller, admits(Role.MANAGER, scope="policy:write")],
        if_match: IfMatch,
    ) -> Any:
        """The rules of the dealer group from now on.

        What the body leaves out falls back to the default; earlier versions are kept.
        """
        _refuse_unknown_fields(kind, await request.json())
        current = await _version(session, caller.dealer_id)
        require_version(if_match, current)
        added = await session.scalar(
            _ADD,
            {
                "dealer_id": caller.dealer_id,
                "version": current + 1,
                "document": _adapter(kind).dump_json(body).decode(),
                "created_by": caller.subject,
            },
        )
        if added is None:
            raise StaleVersion("somebody else changed the rules at the same time")
        set_etag(response, current + 1)
        return body

    return router


async def _version(session: AsyncSession, dealer_id: UUID) -> int:
    row = (await session.execute(_NEWEST, {"dealer_ids": [dealer_id]})).one_or_none()
    return row.version if row else 0


def _refuse_unknown_fields(kind: type[Any], document: Any) -> None:
    """FastAPI reads dataclasses leniently; a rule with a typo in its name must not be lost."""
    try:
        _adapter(kind).validate_python(document, extra="forbid")
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error
