"""All that customer-service answers over HTTP."""

from baoke_chassis.service import Api

from customer_service.api import complaints, consents, customers, odometer_readings, timeline, vehicles
from customer_service.api.refusals import STATUS_OF

API = Api(
    routers=(
        customers.router,
        timeline.router,
        consents.router,
        vehicles.router,
        odometer_readings.router,
        complaints.router,
    ),
    refusals=STATUS_OF,
)
