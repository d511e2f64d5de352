"""Maintenance plans: the shipped ones, and a dealer's own as YAML or CSV."""

from typing import Annotated, Any

from baoke_chassis.bodies import Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.problems import UnsupportedMediaType
from baoke_chassis.routing import Router, Transaction
from baoke_chassis.versions import require_version
from fastapi import Depends, Path, Request, Response
from fastapi.exceptions import RequestValidationError

from service_reminder.api.callers import Planner, Reader
from service_reminder.commands.put_plan import PutPlan, put_plan
from service_reminder.db import plans as db_plans
from service_reminder.domain.errors import Fault, InvalidPlan, PlanNotFound
from service_reminder.domain.plans import CountsFrom, Powertrain
from service_reminder.plans.reading import csv_content, yaml_content

router = Router(prefix="/v1/plans", tags=["plans"])

Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="the plan's name", examples=["petrol"])]

_YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "application/json")
_YAML_EXAMPLE = """\
powertrains: [petrol]
make: Volkswagen
severe_use_factor: 0.5
items:
  - {code: oil_service, name_zh: 机油及机滤更换, name_en: Engine oil and filter, every_km: 15000, every_months: 12}
  - {code: gearbox_oil, name_zh: 变速箱油更换, name_en: Gearbox oil, once_at_km: 30000}
"""
_CSV_EXAMPLE = """\
code,name_zh,name_en,every_km,every_months,once_at_km,at_months,counts_from,powertrains,make
oil_service,机油及机滤更换,Engine oil and filter,15000,12,,,,petrol|hybrid,Volkswagen
annual_inspection,机动车年检,Vehicle inspection,,,,24|48|72,purchase,,
"""
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The plan as YAML, or as a CSV table with one item a row",
        "content": {
            "application/yaml": {"schema": {"type": "string"}, "example": _YAML_EXAMPLE},
            "text/csv": {"schema": {"type": "string"}, "example": _CSV_EXAMPLE},
        },
    }
}


class NotUtf8(Exception):
    """The file is not UTF-8."""


class PlanItemReply(Reply):
    """One item of a plan."""

    code: str
    name_zh: str
    name_en: str
    every_km: int | None
    every_months: int | None
    once_at_km: int | None
    at_months: list[int]
    counts_from: CountsFrom
    assumed_done_after_days: int | None
    lapses_after_days: int | None


class PlanReply(Reply):
    """A plan in force. Version 0 ships with the product; a dealer's own begin at 1."""

    name: str
    version: int
    powertrains: list[Powertrain]
    make: str | None
    model: str | None
    severe_use_factor: float
    items: list[PlanItemReply]


@router.get("", summary="List maintenance plans")
async def list_plans(
    session: Transaction, caller: Reader, paging: Annotated[Paging, Depends(Paging)]
) -> Page[PlanReply]:
    """The plans in force, by name: the dealer's own, and the shipped ones it did not replace."""
    plans = (await db_plans.plans_of(session, [caller.dealer_id]))[caller.dealer_id]
    after = paging.after_one(str) or ""
    page = [PlanReply.model_validate(plan) for plan in plans if plan.name > after]
    return paging.page(page, cursor=lambda plan: [plan.name])


@router.get("/{name}", summary="Show a maintenance plan")
async def show_plan(name: Name, response: Response, session: Transaction, caller: Reader) -> PlanReply:
    """One plan in force. The ETag is its version."""
    plans = (await db_plans.plans_of(session, [caller.dealer_id]))[caller.dealer_id]
    plan = next((plan for plan in plans if plan.name == name), None)
    if plan is None:
        raise PlanNotFound(name)
    set_etag(response, plan.version)
    return PlanReply.model_validate(plan)


@router.put("/{name}", summary="Put a maintenance plan in force", openapi_extra=_BODY)
async def replace_plan(
    name: Name, request: Request, response: Response, session: Transaction, caller: Planner, if_match: IfMatch
) -> PlanReply:
    """The next version of the dealer's plan, from a YAML or CSV file. All its vehicles follow within seconds.

    A plan of the name of a shipped one replaces that. The most particular plan counts: model before make before
    powertrain. Earlier versions are kept.
    """
    current = await db_plans.newest_version(session, caller.dealer_id, name)
    require_version(if_match, current)
    now = utc_now()
    try:
        content = _content(request, await request.body())
        command = PutPlan(caller.dealer_id, name, current + 1, content, caller.subject)
        plan = await put_plan(session, command, now=now)
    except InvalidPlan as refused:
        raise RequestValidationError([_error(fault) for fault in refused.faults]) from refused
    set_etag(response, plan.version)
    return PlanReply.model_validate(plan)


def _content(request: Request, body: bytes) -> Any:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in {*_YAML_TYPES, "text/csv"}:
        raise UnsupportedMediaType(f"application/yaml or text/csv, not {media_type or 'a body without a type'}")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(str(error)) from error
    return csv_content(text) if media_type == "text/csv" else yaml_content(text)


def _error(fault: Fault) -> dict[str, object]:
    return {"type": "plan", "loc": ("body", *fault.pointer.split("/")[1:]), "msg": fault.message}
