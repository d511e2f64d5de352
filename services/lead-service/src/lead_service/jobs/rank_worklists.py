"""Ranks leads anew where a dealer weighs them otherwise."""

from baoke_chassis.jobs import Job, in_one_transaction

from lead_service.commands.rank_worklists import rank_worklists

job = Job(name="rank-worklists", every_s=30, run=in_one_transaction(rank_worklists))
