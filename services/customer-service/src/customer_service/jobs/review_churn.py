"""Warnings of customers who stay away, where time alone brings or changes them."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from customer_service.commands.decide_churn import review_due_churn

BATCH = 1_000

review_churn = Job("review churn", every_s=60, run=in_one_transaction(partial(review_due_churn, limit=BATCH)))
