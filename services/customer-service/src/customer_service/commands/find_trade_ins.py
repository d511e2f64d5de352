"""Notice that a vehicle is worth a trade-in offer."""

from datetime import datetime
from uuid import UUID

from baoke_events import TradeInCandidateFound

from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.trade_in import is_candidate, owned_months
from customer_service.domain.vehicles import Vehicle


def find_trade_in(
    vehicle: Vehicle, policy: CustomerPolicy, *, now: datetime, causation_id: UUID | None
) -> tuple[Vehicle, TradeInCandidateFound | None]:
    """Return the vehicle as it is to be stored, and what is to be said if it is a candidate.

    Said once per vehicle and model year: the year is kept in the vehicle's row, which the caller has locked.
    """
    today = policy.local_date(now)
    if vehicle.trade_in_year == today.year:
        return vehicle, None
    if not is_candidate(vehicle.purchased_on, vehicle.odometer_km, policy.trade_in, today=today):
        return vehicle, None
    found = TradeInCandidateFound(
        dealer_id=vehicle.dealer_id,
        occurred_at=now,
        causation_id=causation_id,
        customer_id=vehicle.owner_id,
        store_id=vehicle.store_id,
        vehicle_id=vehicle.vehicle_id,
        make=vehicle.make,
        model=vehicle.model,
        owned_months=owned_months(vehicle.purchased_on, today),
        odometer_km=vehicle.odometer_km,
    )
    return vehicle._replace(trade_in_year=today.year), found
