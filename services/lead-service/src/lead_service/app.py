"""How lead-service is put together."""

from baoke_chassis.service import Service
from fastapi import FastAPI

from lead_service.api import (
    adf_export,
    adf_intake,
    advisors,
    defeats,
    demo_cars,
    export,
    grading,
    imports,
    intake,
    intake_sources,
    leads,
    pool,
    reactivations,
    scripts,
    signals,
    test_drives,
    timeliness,
    webhooks,
    working,
    worklist,
)
from lead_service.api.policy_preview import preview_policy
from lead_service.api.refusals import STATUS_OF
from lead_service.api.uploads import Uploads
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
from lead_service.sealing import Seal
from lead_service.settings import Settings


def service(settings: Settings) -> Service:
    """The service, ready to be run."""
    seal = Seal(settings.intake_secret_key.get_secret_value().encode())

    def prepare_api(app: FastAPI) -> None:
        app.state.intake_seal = seal
        app.state.uploads = Uploads()

    return Service(
        name="lead-service",
        title="Leads",
        description="Leads from every channel, their follow-up, defeat and re-activation (战败激活), and the sale.",
        package="lead_service",
        metadata=Base.metadata,
        settings=settings,
        routers=(
            intake.router,
            adf_intake.router,
            imports.router,
            adf_export.router,
            webhooks.router,
            intake_sources.router,
            intake_sources.mappings_router,
            export.router,
            leads.router,
            advisors.router,
            pool.router,
            demo_cars.router,
            test_drives.router,
            working.router,
            grading.router,
            worklist.router,
            scripts.router,
            timeliness.router,
            defeats.router,
            signals.router,
            reactivations.router,
        ),
        refusals=STATUS_OF,
        policy=LeadPolicy,
        preview_policy=preview_policy,
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
        prepare_api=prepare_api,
    )
