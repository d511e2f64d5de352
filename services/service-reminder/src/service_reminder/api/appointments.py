"""Workshop slots and the appointments in them."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query, Response
from pydantic import AwareDatetime, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.api.callers import Reader, Writer
from service_reminder.commands.book_appointment import BookAppointment, book_appointment, confirm_appointment
from service_reminder.commands.change_appointment import ChangeAppointment, cancel_appointment, change_appointment
from service_reminder.db import appointments as db_appointments
from service_reminder.domain.appointments import Appointment, AppointmentState
from service_reminder.domain.errors import AppointmentNotFound

router = Router(prefix="/v1/appointments", tags=["appointments"])

Codes = Annotated[list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]], Field(max_length=50)]
_EXAMPLE_START = "2099-03-02T01:30:00Z"
"""So far ahead that the examples can be booked for as long as anybody reads them."""


class BookingBody(Body):
    """A vehicle is to come to a workshop."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "vehicle_id": "0199d3a0-0000-7000-8000-0000000000a1",
                    "store_id": "0199d3a0-0000-7000-8000-000000000051",
                    "starts_at": _EXAMPLE_START,
                    "items": ["gearbox_oil", "brake_inspection"],
                }
            ]
        }
    )

    vehicle_id: UUID
    store_id: UUID
    starts_at: AwareDatetime
    """The start of a slot from `GET /v1/slots`."""
    items: Codes = Field(default_factory=list)
    """What is to be done, by maintenance item."""
    hold: bool = False
    """Only keep the slot for a while; `…/confirm` books it."""


class ChangeBody(Body):
    """What changes; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"starts_at": _EXAMPLE_START}]})

    starts_at: AwareDatetime | None = None
    items: Codes | None = None


class AppointmentReply(Reply):
    """An appointment as it stands."""

    appointment_id: UUID
    vehicle_id: UUID
    customer_id: UUID
    store_id: UUID
    starts_at: datetime
    bay: int
    state: AppointmentState
    items: list[str]
    held_until: datetime | None
    version: int


@router.post("", status_code=201, summary="Book or hold a slot")
async def book(body: BookingBody, response: Response, session: Transaction, caller: Writer) -> AppointmentReply:
    """A free bay of the slot is the vehicle's. Two appointments never share a bay."""
    caller.require_store(body.store_id)
    starts_at, items = body.starts_at.astimezone(UTC), tuple(body.items)
    command = BookAppointment(caller.dealer_id, body.vehicle_id, body.store_id, starts_at, items, body.hold)
    return _reply(response, await book_appointment(session, command, now=utc_now()))


@router.get("", summary="List appointments")
async def list_appointments(
    session: Transaction,
    caller: Reader,
    paging: Annotated[Paging, Depends(Paging)],
    store_id: Annotated[UUID | None, Query()] = None,
    vehicle_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[AppointmentState | None, Query()] = None,
) -> Page[AppointmentReply]:
    """Appointments by the time they start."""
    found = await db_appointments.listed(
        session,
        caller.dealer_id,
        stores=caller.stores,
        store_id=store_id,
        vehicle_id=vehicle_id,
        state=state,
        after=paging.after_instant_and_id(),
        limit=paging.limit + 1,
    )
    shown = [AppointmentReply.model_validate(one) for one in found]
    return paging.page(shown, cursor=lambda one: [one.starts_at, one.appointment_id])


@router.get("/{appointment_id}", summary="Show an appointment")
async def show_appointment(
    appointment_id: UUID, response: Response, session: Transaction, caller: Reader
) -> AppointmentReply:
    """The appointment; its ETag is its version."""
    appointment = await db_appointments.find(session, caller.dealer_id, appointment_id)
    if appointment is None or not caller.admits_store(appointment.store_id):
        raise AppointmentNotFound(appointment_id)
    return _reply(response, appointment)


@router.post("/{appointment_id}/confirm", summary="Book what is held")
async def confirm(appointment_id: UUID, response: Response, session: Transaction, caller: Writer) -> AppointmentReply:
    """The held slot is booked. Doing it twice is fine."""
    await _require_store(session, caller, appointment_id)
    return _reply(response, await confirm_appointment(session, caller.dealer_id, appointment_id, now=utc_now()))


@router.patch("/{appointment_id}", summary="Change an appointment")
async def change(
    appointment_id: UUID,
    body: ChangeBody,
    response: Response,
    session: Transaction,
    caller: Writer,
    if_match: IfMatch,
) -> AppointmentReply:
    """The appointment is in another slot, or for other work.

    Send the ETag as `If-Match`, so that another's change is not undone.
    """
    await _require_store(session, caller, appointment_id)
    starts_at = body.starts_at.astimezone(UTC) if body.starts_at else None
    items = None if body.items is None else tuple(body.items)
    command = ChangeAppointment(caller.dealer_id, appointment_id, starts_at, items, if_match)
    return _reply(response, await change_appointment(session, command, now=utc_now()))


@router.delete("/{appointment_id}", status_code=204, summary="Cancel an appointment")
async def cancel(appointment_id: UUID, session: Transaction, caller: Writer, if_match: IfMatch) -> None:
    """The slot is free again."""
    await _require_store(session, caller, appointment_id)
    await cancel_appointment(session, caller.dealer_id, appointment_id, seen=if_match, now=utc_now())


async def _require_store(session: AsyncSession, caller: Writer, appointment_id: UUID) -> None:
    if caller.stores is not None:
        appointment = await db_appointments.find(session, caller.dealer_id, appointment_id)
        if appointment:
            caller.require_store(appointment.store_id)


def _reply(response: Response, appointment: Appointment) -> AppointmentReply:
    set_etag(response, appointment.version)
    return AppointmentReply.model_validate(appointment)
