"""Slots that were held and never booked."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from service_reminder.commands.release_holds import release_holds

_BATCH = 500

job = Job("release_holds", 1.0, in_one_transaction(partial(release_holds, limit=_BATCH)))
