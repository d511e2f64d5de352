"""Ends test drives of which nobody said what became of them."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.end_forgotten_test_drives import end_forgotten_test_drives

job = Job(name="end-forgotten-test-drives", every_s=60, run=in_one_transaction(end_forgotten_test_drives))
