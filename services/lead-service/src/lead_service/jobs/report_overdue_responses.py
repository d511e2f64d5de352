"""Reports new leads that nobody answered in time. The shortest time is three minutes, so it looks often."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.report_overdue_responses import report_overdue_responses

job = Job(name="report-overdue-responses", every_s=5, run=in_one_transaction(report_overdue_responses))
