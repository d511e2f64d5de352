"""Undone facts that no message can be about any more."""

from datetime import timedelta
from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from notification_service.commands.forget_undone_facts import forget_undone_facts

EVERY_S = 3600
_BATCH = 5000


def forgetting_job(*, inbox_days: int) -> Job:
    """The job that forgets; events are heard within the inbox's days, which are more than the topics keep."""
    heard_within = timedelta(days=inbox_days)
    forget = partial(forget_undone_facts, heard_within=heard_within, limit=_BATCH)
    return Job("forget_undone_facts", EVERY_S, in_one_transaction(forget))
