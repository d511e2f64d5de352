"""Forgets imports that were finished long ago."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.forget_imports import forget_imports

job = Job(name="forget-imports", every_s=3600, run=in_one_transaction(forget_imports))
