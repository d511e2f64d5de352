"""Forgets what webhooks left behind."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.forget_deliveries import forget_deliveries

job = Job(name="forget-deliveries", every_s=60, run=in_one_transaction(forget_deliveries))
