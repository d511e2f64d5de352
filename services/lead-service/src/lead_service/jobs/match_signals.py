"""Matches what market signals have come in."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.match_signals import match_next_signal

job = Job(name="match-signals", every_s=0.5, run=in_one_transaction(match_next_signal))
