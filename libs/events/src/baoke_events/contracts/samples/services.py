"""`baoke.services`: the 60,000 km service of a 大众 途观L, from the reminder to the invoice."""

from datetime import date

from baoke_events.catalogue import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentChanged,
    DueItem,
    MaintenanceDue,
    ServiceCompleted,
    ServiceLine,
    VisitProgressed,
    VisitStarted,
)
from baoke_events.contracts.samples.cast import APPOINTMENT, OWNER, OWNERS_CAR, STORE, VISIT, at, id_of, told

_GEARBOX_OIL = DueItem(
    code="gearbox_oil",
    name_zh="变速箱油",
    name_en="Gearbox oil",
    due_on=date(2026, 6, 8),
    due_km=60_000,
    because="distance",
)
_BRAKE_FLUID = DueItem(
    code="brake_fluid", name_zh="制动液", name_en="Brake fluid", due_on=date(2026, 6, 20), because="time"
)

SAMPLES = (
    MaintenanceDue(
        **told("maintenance due", "2026-05-25 01:00", sequence=31),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        reminder_id=id_of("reminder", at("2026-05-25 01:00")),
        step="first",
        items=(_GEARBOX_OIL, _BRAKE_FLUID),
        due_on=date(2026, 6, 8),
        odometer_km=59_214,
    ),
    AppointmentBooked(
        **told("appointment booked", "2026-05-28 01:12", sequence=32),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        appointment_id=APPOINTMENT,
        starts_at=at("2026-06-01 01:00"),
    ),
    AppointmentChanged(
        **told("appointment changed", "2026-05-30 10:26", sequence=33),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        appointment_id=APPOINTMENT,
        starts_at=at("2026-06-02 01:00"),
    ),
    AppointmentCancelled(
        **told("appointment cancelled", "2026-05-31 12:00", sequence=34),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        appointment_id=id_of("another appointment", at("2026-05-28 01:15")),
    ),
    VisitStarted(
        **told("visit started", "2026-06-02 01:04", sequence=35),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        visit_id=VISIT,
        appointment_id=APPOINTMENT,
        arrived_at=at("2026-06-02 01:02"),
    ),
    VisitProgressed(
        **told("visit progressed", "2026-06-02 01:31", sequence=36),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        visit_id=VISIT,
        stage="quoted",
        quoted_cents=126_000,
    ),
    ServiceCompleted(
        **told("service completed", "2026-06-02 04:48", sequence=37),
        vehicle_id=OWNERS_CAR,
        customer_id=OWNER,
        store_id=STORE,
        visit_id=VISIT,
        odometer_km=59_702,
        lines=(
            ServiceLine(code="gearbox_oil", description="变速箱油及更换工时", amount_cents=98_000),
            ServiceLine(code="brake_fluid", description="制动液更换", amount_cents=30_000),
        ),
        amount_cents=128_000,
        quoted_cents=126_000,
        completed_at=at("2026-06-02 04:48"),
    ),
)
