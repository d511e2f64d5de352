"""Complaints that waited too long for a callback or a settlement go one level up."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from customer_service.commands.answer_complaints import escalate_due_complaints

BATCH = 500

escalate_complaints = Job(
    "escalate complaints", every_s=30, run=in_one_transaction(partial(escalate_due_complaints, limit=BATCH))
)
