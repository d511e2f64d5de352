"""Put a dealer's own maintenance plan in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from service_reminder.db import plans as db_plans
from service_reminder.domain.errors import PlanChangedMeanwhile
from service_reminder.domain.plan_files import plan_of
from service_reminder.domain.plans import Plan


@dataclass(frozen=True, slots=True)
class PutPlan:
    """A plan file's content, under a name; `version` is the one it becomes."""

    dealer_id: UUID
    name: str
    version: int
    content: Mapping[str, Any]
    by: str


async def put_plan(session: AsyncSession, command: PutPlan, *, now: datetime) -> Plan:
    """Store the plan as the newest version of its name. Vehicles follow within seconds, by a job.

    Raises:
        InvalidPlan: the content is no plan; every fault is named.
        PlanChangedMeanwhile: that version was put in force by somebody else.
    """
    plan = plan_of(command.name, command.content, version=command.version)
    if not await db_plans.add(session, command.dealer_id, plan, command.content, created_by=command.by, now=now):
        raise PlanChangedMeanwhile(command.name)
    return plan
