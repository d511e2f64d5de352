"""Leads come in as ADF 1.0."""

import asyncio
from email.message import Message
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from baoke_chassis.access import Caller, Forbidden
from baoke_chassis.clock import utc_now
from baoke_chassis.policy import rules_of
from baoke_chassis.problems import Problem, UnsupportedMediaType, refusal
from baoke_chassis.routing import Router, Transaction
from fastapi import Query, Request

from lead_service.adf import Dropped, Prospect, parse
from lead_service.api.adf_inquiries import inquiry_of
from lead_service.api.callers import Worker, advisor_id
from lead_service.api.refusals import STATUS_OF
from lead_service.api.schemas.intake import AdfOut, DroppedOut, ProspectOut
from lead_service.commands.capture_leads import capture_leads
from lead_service.domain.capture import Capture, Inquiry
from lead_service.domain.errors import StoreNotNamed, Unreachable
from lead_service.domain.policy import LeadPolicy

router = Router(prefix="/v1/intake", tags=["intake"])

MOST_PROSPECTS = 1000
"""Prospects of one document, as many as leads of one batch."""

MOST_TAGS = 100 * MOST_PROSPECTS
"""Of one document: the fullest that the tests know has 98, and one prospect."""

MEDIA_TYPES = ("application/xml", "text/xml", "application/x-adf+xml")

_EXAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<?adf version="1.0"?>
<adf>
  <prospect status="new">
    <id sequence="1" source="autohome">AH-20260105-7</id>
    <requestdate>2026-01-05T10:30:00+08:00</requestdate>
    <vehicle interest="buy" status="new"><make>BYD</make><model>Seal</model></vehicle>
    <customer><contact><name part="full">王伟</name><phone type="cellphone">13900001111</phone></contact></customer>
    <vendor><id>SH-01</id><vendorname>保客上海店</vendorname></vendor>
    <provider><name>汽车之家</name></provider>
  </prospect>
</adf>
"""
_REQUEST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string"}, "example": _EXAMPLE} for kind in MEDIA_TYPES},
    }
}

StoreId = Annotated[UUID | None, Query(description="the store of prospects whose vendor is not in the policy's stores")]


@router.post("/adf", openapi_extra=_REQUEST_BODY)
async def capture_adf(request: Request, caller: Worker, session: Transaction, store_id: StoreId = None) -> AdfOut:
    """Take the prospects of an ADF 1.0 document in.

    The vendor's id, or its name, means a store by the policy's `stores`; else `store_id` does, else
    the policy's `default_store_id`. The document is read leniently: what could not be used is named
    in `dropped`, and a prospect that cannot be taken is answered with its problem. What a lead has no
    field for (a trade-in, VIN, stock number, other prices, address …) stands in its note. A prospect
    without an id is known by what it says, so that the same one again is `repeated`. Up to 1,000 prospects.
    """
    policy = await rules_of(session, caller.dealer_id, LeadPolicy)
    document = await request.body()
    adf = await asyncio.to_thread(
        parse,
        document,
        encoding=_encoding(request),
        zone=ZoneInfo(policy.time_zone),
        most=MOST_PROSPECTS,
        most_tags=MOST_TAGS,
    )
    dropped = [list(prospect.dropped) for prospect in adf.prospects]
    read = [
        _read(prospect, policy, caller, store_id, parts) for prospect, parts in zip(adf.prospects, dropped, strict=True)
    ]
    inquiries = [item for item in read if isinstance(item, Inquiry)]
    captures = iter(await capture_leads(session, inquiries, now=utc_now()) if inquiries else ())
    answers = [next(captures) if isinstance(item, Inquiry) else item for item in read]
    return AdfOut(
        prospects=[_answer(item, parts) for item, parts in zip(answers, dropped, strict=True)],
        dropped=DroppedOut.all_of(adf.dropped),
    )


def _encoding(request: Request) -> str | None:
    """The charset that the request names for its XML; whatever is not XML is refused."""
    content_type = Message()
    content_type["content-type"] = request.headers.get("content-type", "")
    if content_type.get_content_type() not in MEDIA_TYPES:
        raise UnsupportedMediaType(f"one of {', '.join(MEDIA_TYPES)}")
    return content_type.get_content_charset()


def _read(
    prospect: Prospect, policy: LeadPolicy, caller: Caller, store_id: UUID | None, dropped: list[Dropped]
) -> Inquiry | Problem:
    try:
        inquiry = inquiry_of(
            prospect,
            policy,
            dealer_id=caller.dealer_id,
            store_id=store_id,
            advisor_id=advisor_id(caller),
            dropped=dropped,
        )
        caller.require_store(inquiry.store_id)
    except (Unreachable, StoreNotNamed) as error:
        return refusal(error, STATUS_OF[type(error)])
    except Forbidden as error:
        return refusal(error, HTTPStatus.FORBIDDEN)
    return inquiry


def _answer(item: Capture | Problem, dropped: list[Dropped]) -> ProspectOut:
    parts = DroppedOut.all_of(dropped)
    if isinstance(item, Problem):
        return ProspectOut(problem=item, dropped=parts)
    return ProspectOut(lead_id=item.lead.id, outcome=item.outcome, dropped=parts)
