"""Forgetting imports that were finished long ago, and the personal data in their rejected rows."""

from datetime import datetime, timedelta

from baoke_chassis.policy import policy_of
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db import lead_imports as db_imports
from lead_service.domain.policy import LeadPolicy

BATCH = 20
"""Imports of a dealer forgotten in one transaction; one may have a million rejected rows."""


async def forget_imports(session: AsyncSession, *, now: datetime) -> int:
    """Up to `BATCH` imports of each dealer are gone that were finished longer ago than its policy keeps them."""
    dealers = await db_imports.dealers_with_finished(session, now=now)
    policies = await policy_of(session, dealers, LeadPolicy)
    forgotten = 0
    for dealer_id, policy in policies.items():
        before = now - timedelta(days=policy.imports.kept_days)
        forgotten += await db_imports.forget(session, dealer_id, finished_before=before, limit=BATCH)
    return forgotten
