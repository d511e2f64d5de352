"""All that service-reminder answers over HTTP."""

from baoke_chassis.service import Api

from service_reminder.api import appointments, maintenance, plans, visits, workshops
from service_reminder.api.refusals import STATUS_OF

API = Api(
    routers=(maintenance.router, plans.router, visits.router, workshops.router, appointments.router), refusals=STATUS_OF
)
