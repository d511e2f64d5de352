"""Leads come in as JSON, one or many."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from annotated_types import Len
from baoke_chassis.access import Caller, Forbidden
from baoke_chassis.clock import utc_now
from baoke_chassis.problems import Problem, invalid, refusal
from baoke_chassis.routing import Router, Transaction
from baoke_events.ids import uuid7
from fastapi import Response
from pydantic import ValidationError, WithJsonSchema

from lead_service.api.callers import Worker, advisor_id
from lead_service.api.schemas.intake import BatchOut, BatchResult, CaptureOut, ContactIn, LeadIn
from lead_service.commands.capture_leads import capture_leads
from lead_service.domain.capture import Capture, Inquiry, Outcome
from lead_service.domain.consent import Consent
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.interest import Interest
from lead_service.domain.source import Source

router = Router(prefix="/v1/leads", tags=["intake"])

Item = Annotated[Any, WithJsonSchema({"$ref": "#/components/schemas/LeadIn"})]
Items = Annotated[list[Item], Len(1, 1000)]


@router.post("", status_code=HTTPStatus.CREATED, responses={200: {"model": CaptureOut}})
async def capture_lead(body: LeadIn, caller: Worker, session: Transaction, response: Response) -> CaptureOut:
    """Take a lead in.

    Answers 201 with outcome `created` for a new lead, and 200 where it adds nothing new to the list:
    `touched` if the person has an open lead (the same phone number), `repeated` if this `source_id`
    of the channel was sent before.
    """
    caller.require_store(body.store_id)
    now = utc_now()
    [capture] = await capture_leads(session, [_inquiry(body, caller, now)], now=now)
    response.status_code = _status(capture)
    return CaptureOut.of(capture)


@router.post("/batch")
async def capture_batch(body: Items, caller: Worker, session: Transaction) -> BatchOut:
    """Take up to 1,000 leads in.

    Good items are taken and bad ones answered with their problem; `status` is what the item would
    have had alone.
    """
    now = utc_now()
    read = [_read(item, caller, now) for item in body]
    inquiries = [inquiry for inquiry in read if isinstance(inquiry, Inquiry)]
    captures = iter(await capture_leads(session, inquiries, now=now) if inquiries else ())
    answers = [next(captures) if isinstance(item, Inquiry) else item for item in read]
    return BatchOut(results=[_result(index, answer) for index, answer in enumerate(answers)])


def _read(item: Any, caller: Caller, now: datetime) -> Inquiry | Problem:
    try:
        body = LeadIn.model_validate(item)
        caller.require_store(body.store_id)
    except ValidationError as error:
        return invalid(error, item)
    except Forbidden as error:
        return refusal(error, HTTPStatus.FORBIDDEN)
    return _inquiry(body, caller, now)


def _result(index: int, answer: Capture | Problem) -> BatchResult:
    if isinstance(answer, Problem):
        return BatchResult(index=index, status=answer.status, problem=answer)
    return BatchResult(index=index, status=_status(answer), lead_id=answer.lead.id, outcome=answer.outcome)


def _status(capture: Capture) -> HTTPStatus:
    return HTTPStatus.CREATED if capture.outcome is Outcome.CREATED else HTTPStatus.OK


def _inquiry(body: LeadIn, caller: Caller, now: datetime) -> Inquiry:
    source, car, said = body.source, body.interest, body.contact.consents
    return Inquiry(
        id=uuid7(),
        lead_id=uuid7(),
        dealer_id=caller.dealer_id,
        store_id=body.store_id,
        source=Source(source.channel, source.channel, source.source_id, source.campaign),
        contact=_contact(body.contact),
        interest=Interest(car.make, car.model, car.trim, car.budget_cents),
        consents=None if said is None else tuple(Consent(**consent.model_dump(), at=now) for consent in said),
        grade=body.grade,
        decision_style=body.decision_style,
        advisor_id=advisor_id(caller),
        referral_code=body.referral_code,
        note=body.note,
    )


def _contact(body: ContactIn) -> Contact:
    return Contact(body.name, _phone(body), body.email, body.wecom_id, body.locale, body.time_zone)


def _phone(body: ContactIn) -> Phone | None:
    """The number; the sender's word on whether it is a relay counts, except that an extension always makes one."""
    phone = body.phone
    if phone is None or body.phone_is_relay is None:
        return phone
    return Phone(phone.number, phone.extension, is_relay=body.phone_is_relay or phone.extension is not None)
