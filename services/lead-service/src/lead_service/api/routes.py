"""All that lead-service answers over HTTP."""

from baoke_chassis.service import Api
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
from lead_service.sealing import Seal
from lead_service.settings import Settings

_ROUTERS = (
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
)


def api_of(settings: Settings) -> Api:
    """The routes, and what they need on `app.state`."""
    seal = Seal(settings.intake_secret_key.get_secret_value().encode())

    def prepare(app: FastAPI) -> None:
        app.state.intake_seal = seal
        app.state.uploads = Uploads()

    return Api(routers=_ROUTERS, refusals=STATUS_OF, preview_policy=preview_policy, prepare=prepare)
