"""All that loyalty-service answers over HTTP."""

from baoke_chassis.service import Api

from loyalty_service.api import members, referrals, vouchers
from loyalty_service.api.refusals import STATUS_OF

API = Api(routers=(members.router, referrals.router, vouchers.router), refusals=STATUS_OF)
