"""How lead-service is put together."""

from baoke_chassis.service import Service

from lead_service.api import adf_intake, intake, leads, reactivations, signals, working
from lead_service.api.refusals import STATUS_OF
from lead_service.consumers import messages
from lead_service.db.tables import Base
from lead_service.domain.policy import LeadPolicy
from lead_service.jobs import match_signals, report_missed_follow_ups
from lead_service.settings import Settings


def service(settings: Settings) -> Service:
    """The service, ready to be run."""
    return Service(
        name="lead-service",
        title="Leads",
        description="Leads from every channel, their follow-up, defeat and re-activation (战败激活), and the sale.",
        package="lead_service",
        metadata=Base.metadata,
        settings=settings,
        routers=(intake.router, adf_intake.router, leads.router, working.router, signals.router, reactivations.router),
        refusals=STATUS_OF,
        policy=LeadPolicy,
        subscriptions=(messages.subscriptions,),
        jobs=(match_signals.job, report_missed_follow_ups.job),
    )
