"""Calls back approaches of signals that were withdrawn."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.recall_approaches import recall_approaches

job = Job(name="recall-approaches", every_s=0.5, run=in_one_transaction(recall_approaches))
