"""Ends opportunities whose time is over."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.settle_opportunities import end_expired

job = Job(name="end-opportunities", every_s=60, run=in_one_transaction(end_expired))
