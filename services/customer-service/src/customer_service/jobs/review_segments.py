"""Segments that time alone changes: a new customer grows old, a visit leaves the window."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from customer_service.commands.review_segments import review_due_segments

BATCH = 1_000

review_segments = Job("review segments", every_s=60, run=in_one_transaction(partial(review_due_segments, limit=BATCH)))
