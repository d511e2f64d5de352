"""Greets lost leads on schedule."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.greet_lost_leads import greet_lost_leads

job = Job(name="greet-lost-leads", every_s=60, run=in_one_transaction(greet_lost_leads))
