"""Putting open leads in their places where a dealer weighs them otherwise than before."""

import json
from datetime import datetime

from baoke_chassis.policy import policy_adapter, rules_of
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import ranking as db_ranking
from lead_service.domain.policy import LeadPolicy
from lead_service.domain.worklist import WorklistPolicy

BATCH = 2_000
"""Leads ranked in one transaction."""


async def rank_worklists(session: AsyncSession, *, now: datetime) -> int:
    """The next batch of leads of a dealer whose rules changed is in its place. Answers how much there was to do.

    Leads that are captured or worked meanwhile take their place by the new rules themselves. Rules that changed
    elsewhere than in their weights rank nothing. What is ranked does not depend on `now`.
    """
    del now
    ranking = await db_ranking.lock_next_stale(session, default_weights=_written(WorklistPolicy()))
    if ranking is None:
        return 0
    policy = (await rules_of(session, ranking.dealer_id, LeadPolicy)).working.worklist
    weights = _written(policy)
    if weights == ranking.weights and ranking.through is None:
        await db_ranking.finish(session, ranking, weights)
        return 1
    ranked, through = await db_ranking.rank(session, ranking, policy, limit=BATCH)
    if ranked < BATCH:
        await db_ranking.finish(session, ranking, weights)
    else:
        await db_ranking.advance(session, ranking, through=through)
    return max(ranked, 1)


def _written(policy: WorklistPolicy) -> str:
    """The same text for the same weights, in whatever order they were written."""
    return json.dumps(policy_adapter(WorklistPolicy).dump_python(policy, mode="json"), sort_keys=True)
