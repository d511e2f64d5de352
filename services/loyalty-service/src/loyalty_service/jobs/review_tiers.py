"""Looks again at tiers that may have lapsed, those whose look is due longest first."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from loyalty_service.commands.assess_tiers import review_tiers

BATCH = 500

job = Job(name="review_tiers", every_s=600, run=in_one_transaction(partial(review_tiers, limit=BATCH)))
