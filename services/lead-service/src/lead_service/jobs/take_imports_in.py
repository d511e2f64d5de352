"""Takes in the rows of tables that were sent."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.take_imports_in import take_next_rows

job = Job(name="take-imports-in", every_s=0.5, run=in_one_transaction(take_next_rows))
