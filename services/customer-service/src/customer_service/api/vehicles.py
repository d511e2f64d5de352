"""Vehicles: register one, and see its accepted odometer."""

from http import HTTPStatus
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.routing import Router, Transaction
from fastapi import Response

from customer_service.api.callers import Reader, Writer, stores_of
from customer_service.api.vehicle_bodies import VehicleIn, VehicleOut, VehicleRegisteredOut
from customer_service.commands.enter_vehicles import Purchase
from customer_service.commands.register_vehicle import register_vehicle
from customer_service.db import customer_views
from customer_service.domain.errors import CustomerNotFound, VehicleNotFound
from customer_service.domain.vin import wrong_check_digit

router = Router(prefix="/v1", tags=["vehicles"])


@router.post(
    "/customers/{customer_id}/vehicles",
    status_code=HTTPStatus.CREATED,
    response_model=VehicleRegisteredOut,
    responses={200: {"model": VehicleRegisteredOut, "description": "The vehicle is the customer's already"}},
)
async def post_vehicle(
    customer_id: UUID, body: VehicleIn, caller: Writer, session: Transaction, response: Response
) -> VehicleRegisteredOut:
    """Register a vehicle of the customer. The same VIN again is the same vehicle and changes nothing."""
    view = await customer_views.find(session, caller.dealer_id, customer_id, stores=stores_of(caller))
    if view is None:
        raise CustomerNotFound(customer_id)
    purchase = Purchase(caller.dealer_id, customer_id, view.customer.store_id, **body.model_dump())
    entered = await register_vehicle(session, purchase, now=utc_now())
    response.status_code = HTTPStatus.CREATED if entered.is_new else HTTPStatus.OK
    warning = wrong_check_digit(body.vin)
    return VehicleRegisteredOut(
        vehicle_id=entered.vehicle.vehicle_id,
        outcome="created" if entered.is_new else "exists",
        warnings=[warning] if warning else [],
    )


@router.get("/vehicles/{vehicle_id}", response_model=VehicleOut)
async def get_vehicle(vehicle_id: UUID, caller: Reader, session: Transaction) -> VehicleOut:
    """See a vehicle and the odometer it is believed to show."""
    vehicle = await customer_views.find_vehicle(session, caller.dealer_id, vehicle_id)
    if vehicle is None or not caller.admits_store(vehicle.store_id):
        raise VehicleNotFound(vehicle_id)
    return VehicleOut.model_validate(vehicle)
