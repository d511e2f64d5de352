"""Moves the leads of large reassignments, batch by batch."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.reassign_leads import reassign_next_leads

job = Job(name="reassign-leads", every_s=1, run=in_one_transaction(reassign_next_leads))
