"""Ends points whose life is over, the oldest first."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from loyalty_service.commands.expire_points import expire_points

BATCH = 500

job = Job(name="expire_points", every_s=60, run=in_one_transaction(partial(expire_points, limit=BATCH)))
