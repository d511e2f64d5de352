"""`baoke.vehicles`: the car that was sold, and a reading of the owner's car."""

from datetime import date

from baoke_events.catalogue import MileageUpdated, VehicleDisposed, VehicleRegistered, VehicleReturned
from baoke_events.contracts.samples.cast import (
    BUYER,
    BUYERS_CAR,
    BUYERS_VIN,
    FORMER_CAR,
    FORMER_VIN,
    LEAD,
    OWNER,
    OWNERS_CAR,
    STORE,
    UNDONE_BUYER,
    UNDONE_CAR,
    UNDONE_LEAD,
    UNDONE_VIN,
    at,
    told,
)

SAMPLES = (
    VehicleRegistered(
        **told("vehicle registered", "2026-04-18 06:41", sequence=1),
        vehicle_id=BUYERS_CAR,
        customer_id=BUYER,
        store_id=STORE,
        vin=BUYERS_VIN,
        make="比亚迪",
        model="海豹",
        trim="650km 长续航尊荣型",
        powertrain="electric",
        purchased_on=date(2026, 4, 18),
        odometer_km=12,
        lead_id=LEAD,
        sale=1,
    ),
    VehicleReturned(
        **told("vehicle returned", "2026-05-09 08:06", sequence=2),
        vehicle_id=UNDONE_CAR,
        customer_id=UNDONE_BUYER,
        store_id=STORE,
        vin=UNDONE_VIN,
        make="比亚迪",
        model="海豹",
        lead_id=UNDONE_LEAD,
        sale=1,
        reason="finance_refused",
    ),
    VehicleDisposed(
        **told("vehicle disposed", "2026-04-18 06:41", sequence=58),
        vehicle_id=FORMER_CAR,
        customer_id=BUYER,
        store_id=STORE,
        vin=FORMER_VIN,
        make="大众",
        model="朗逸",
        reason="traded_in",
        lead_id=LEAD,
        sale=1,
    ),
    MileageUpdated(
        **told("mileage updated", "2026-05-19 22:03", sequence=214),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        km=59_214,
        read_at=at("2026-05-19 22:00"),
        reading_source="telematics",
    ),
)
