"""How lead-service is put together."""

from baoke_chassis.service import Api, Service

from lead_service.consumers import leads as leads_heard
from lead_service.consumers import messages
from lead_service.db.tables import Base
from lead_service.domain.policy import LeadPolicy
from lead_service.jobs import (
    end_forgotten_test_drives,
    end_opportunities,
    forget_deliveries,
    forget_imports,
    greet_lost_leads,
    match_signals,
    rank_worklists,
    reassign_leads,
    recall_approaches,
    recycle_leads,
    report_missed_follow_ups,
    report_overdue_responses,
    take_imports_in,
)
from lead_service.settings import Settings


def service(settings: Settings) -> Service:
    """The service, ready to be run."""

    def load_api() -> Api:
        from lead_service.api.routes import api_of  # noqa: PLC0415 (a worker does without)

        return api_of(settings)

    return Service(
        name="lead-service",
        title="Leads",
        description="Leads from every channel, their follow-up, defeat and re-activation (战败激活), and the sale.",
        package="lead_service",
        metadata=Base.metadata,
        settings=settings,
        load_api=load_api,
        policy=LeadPolicy,
        subscriptions=(messages.subscriptions, leads_heard.subscriptions),
        jobs=(
            match_signals.job,
            recall_approaches.job,
            report_overdue_responses.job,
            rank_worklists.job,
            end_opportunities.job,
            end_forgotten_test_drives.job,
            greet_lost_leads.job,
            report_missed_follow_ups.job,
            recycle_leads.job,
            reassign_leads.job,
            forget_deliveries.job,
            take_imports_in.job,
            forget_imports.job,
        ),
    )
