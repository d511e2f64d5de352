"""Reports contacts that fell due and were not made."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.report_missed_follow_ups import report_missed_follow_ups

job = Job(name="report-missed-follow-ups", every_s=30, run=in_one_transaction(report_missed_follow_ups))
