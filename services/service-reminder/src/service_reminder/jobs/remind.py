"""Reminders whose day has come, and vehicles whose plan has changed."""

from functools import partial

from baoke_chassis.jobs import Job, in_one_transaction

from service_reminder.commands.remind_due_vehicles import remind_due_vehicles
from service_reminder.commands.replan_vehicles import replan_vehicles

_BATCH = 500

jobs = (
    Job("remind_due_vehicles", 0.2, in_one_transaction(partial(remind_due_vehicles, limit=_BATCH))),
    Job("replan_vehicles", 2.0, in_one_transaction(partial(replan_vehicles, limit=_BATCH))),
)
