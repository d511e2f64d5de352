"""`GET` and `PUT /v1/policy` of every service that has rules a dealer may change."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from baoke_chassis.access import Caller, Role, admits
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.policy import add_policy, policy_adapter, policy_of, policy_version
from baoke_chassis.routing import Router, Transaction
from baoke_chassis.versions import StaleVersion, require_version

P = TypeVar("P")


def policy_router(kind: type[P], check: Callable[[P], None] | None = None) -> Router:
    """`GET` and `PUT /v1/policy` for a service whose rules are `kind`.

    `check` raises ValueError for rules that fit the type and cannot work.
    """
    router = Router(prefix="/v1/policy", tags=["policy"])

    @router.get("", summary="Show the rules in force", response_model=kind)
    async def show_policy(
        response: Response,
        session: Transaction,
        caller: Annotated[Caller, admits(Role.MANAGER, Role.AUDITOR, scope="policy:read")],
    ) -> P:
        """The dealer group's rules: what it set, and the defaults for the rest. The ETag is their version."""
        set_etag(response, await policy_version(session, caller.dealer_id))
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
        _check(body, check)
        current = await policy_version(session, caller.dealer_id)
        require_version(if_match, current)
        if not await add_policy(session, caller.dealer_id, body, version=current + 1, created_by=caller.subject):
            raise StaleVersion("somebody else changed the rules at the same time")
        set_etag(response, current + 1)
        return body

    return router


def _check(policy: P, check: Callable[[P], None] | None) -> None:
    """Ask the service whether it could act by these rules."""
    try:
        if check is not None:
            check(policy)
    except ValueError as error:
        raise RequestValidationError([{"type": "value_error", "loc": ("body",), "msg": str(error)}]) from error


def _refuse_unknown_fields(kind: type[Any], document: Any) -> None:
    """FastAPI reads dataclasses leniently; a rule with a typo in its name must not be lost."""
    try:
        policy_adapter(kind).validate_python(document, extra="forbid")
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error
