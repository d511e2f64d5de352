"""Pays referrals whose hold is over, those that are due longest first."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from loyalty_service.commands.pay_referrals import pay_referrals

BATCH = 200

job = Job(name="pay_referrals", every_s=60, run=in_one_transaction(partial(pay_referrals, limit=BATCH)))
