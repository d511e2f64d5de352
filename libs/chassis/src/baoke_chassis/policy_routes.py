"""`/v1/policy` of every service that has rules a dealer may change: show, replace, try, and look back."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from baoke_chassis.access import Caller, Role, admits
from baoke_chassis.bodies import Reply
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import (
    StoredPolicy,
    add_policy,
    policy_adapter,
    policy_at,
    policy_document,
    policy_version,
    policy_versions,
    rules_of,
)
from baoke_chassis.policy_changes import Change, Effect, PreviewPolicy, changes
from baoke_chassis.routing import Router, Transaction
from baoke_chassis.versions import StaleVersion, require_version

P = TypeVar("P")
Check = Callable[[Any], None]

MOST = 2**31 - 1
"""No version has a higher number."""

Reader = Annotated[Caller, admits(Role.MANAGER, Role.AUDITOR, scope="policy:read")]
Writer = Annotated[Caller, admits(Role.MANAGER, scope="policy:write", for_all_stores=True)]


class EffectOut(Reply):
    """What the proposed rules would do to what is there now."""

    name: str
    count: int
    examples: list[str]
    """Ids of some of them."""

    @classmethod
    def of(cls, effect: Effect) -> "EffectOut":
        """The same for the wire."""
        return cls(name=effect.name, count=effect.count, examples=[str(id_) for id_ in effect.examples])


class PolicyPreview(Reply):
    """What proposed rules would change: which values, and whom it touches."""

    version: int
    """The version in force, which the proposal is compared with."""
    changes: list[Change]
    effects: list[EffectOut]


class PolicyVersion(Reply):
    """When rules were set, by whom, and what was different from the rules before."""

    version: int
    created_by: str
    created_at: datetime
    changes: list[Change]


def policy_router(kind: type[P], check: Check | None = None, preview: PreviewPolicy | None = None) -> Router:
    """The routes for a service whose rules are `kind`.

    `check` raises ValueError for rules that fit the type and cannot work; `preview` tells whom a change touches.
    """
    router = Router(prefix="/v1/policy", tags=["policy"])
    _add_present(router, kind, _proposed(kind, check))
    _add_preview(router, kind, _proposed(kind, check), preview)
    _add_past(router, kind)
    return router


def _add_present(router: Router, kind: type[P], proposed: Callable[..., Awaitable[Any]]) -> None:
    @router.get("", summary="Show the rules in force", response_model=kind)
    async def show_policy(response: Response, session: Transaction, caller: Reader) -> P:
        """The dealer group's rules: what it set, and the defaults for the rest. The ETag is their version."""
        set_etag(response, await policy_version(session, caller.dealer_id))
        return await rules_of(session, caller.dealer_id, kind)

    @router.put("", summary="Replace the rules", response_model=kind)
    async def replace_policy(
        rules: Annotated[Any, Depends(proposed)],
        response: Response,
        session: Transaction,
        caller: Writer,
        if_match: IfMatch,
    ) -> Any:
        """The rules of the dealer group from now on.

        What the body leaves out falls back to the default; earlier versions are kept. `POST /v1/policy/preview`
        tells beforehand what it changes.
        """
        current = await policy_version(session, caller.dealer_id)
        require_version(if_match, current)
        if not await add_policy(session, caller.dealer_id, rules, version=current + 1, created_by=caller.subject):
            raise StaleVersion("somebody else changed the rules at the same time")
        set_etag(response, current + 1)
        return rules


def _add_preview(
    router: Router, kind: type[P], proposed: Callable[..., Awaitable[Any]], preview: PreviewPolicy | None
) -> None:
    @router.post("/preview", summary="Try rules")
    async def preview_policy(
        rules: Annotated[Any, Depends(proposed)], session: Transaction, caller: Writer
    ) -> PolicyPreview:
        """What these rules would change, value by value, and whom that touches. Nothing is written."""
        present = await rules_of(session, caller.dealer_id, kind)
        effects = await preview(session, caller.dealer_id, present, rules) if preview else ()
        return PolicyPreview(
            version=await policy_version(session, caller.dealer_id),
            changes=list(changes(policy_document(present), policy_document(rules))),
            effects=[EffectOut.of(effect) for effect in effects],
        )


def _add_past(router: Router, kind: type[P]) -> None:
    @router.get("/versions", summary="List the versions of the rules")
    async def list_policy_versions(
        session: Transaction, caller: Reader, paging: Annotated[Paging, Depends(Paging)]
    ) -> Page[PolicyVersion]:
        """Who changed which rules and when, newest first."""
        below = paging.after_one(_number)
        found = await policy_versions(session, caller.dealer_id, below=below, limit=paging.limit + 2)
        former = [*(stored.document for stored in found[1:]), policy_document(kind())]
        shown = [_version(stored, before) for stored, before in zip(found, former, strict=False)]
        return paging.page(shown[: paging.limit + 1], cursor=lambda version: [version.version])

    @router.get("/versions/{version}", summary="Show former rules", responses={200: {"model": kind}})
    async def show_policy_version(
        version: Annotated[int, Path(ge=0, le=MOST)], session: Transaction, caller: Reader
    ) -> JSONResponse:
        """The rules as they were set then; version 0 is the product's defaults.

        To go back, `PUT` them again, which says whether they hold by today's terms.
        """
        return JSONResponse(await policy_at(session, caller.dealer_id, kind, version=version))


def _number(text: str) -> int:
    number = int(text)
    if not 0 < number <= MOST:
        raise ValueError("no version of any rules")
    return number


def _version(stored: StoredPolicy, before: Any) -> PolicyVersion:
    return PolicyVersion(
        version=stored.version,
        created_by=stored.created_by,
        created_at=stored.created_at,
        changes=list(changes(before, stored.document)),
    )


def _proposed(kind: type[P], check: Check | None) -> Callable[..., Awaitable[P]]:
    """A dependency that reads rules from the body and refuses those that are none, or cannot work."""

    async def proposed(body: kind, request: Request) -> Any:  # type: ignore[valid-type]
        _refuse_unknown_fields(kind, await request.json())
        try:
            if check is not None:
                check(body)
        except ValueError as error:
            raise RequestValidationError([{"type": "value_error", "loc": ("body",), "msg": str(error)}]) from error
        return body

    return proposed


def _refuse_unknown_fields(kind: type[Any], document: Any) -> None:
    """FastAPI reads dataclasses leniently; a rule with a typo in its name must not be lost."""
    try:
        policy_adapter(kind).validate_python(document, extra="forbid")
    except ValidationError as error:
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in error.errors()]) from error
