"""Takes leads that are neglected back into the pool."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.recycle_leads import recycle_leads

job = Job(name="recycle-leads", every_s=60, run=in_one_transaction(recycle_leads))
