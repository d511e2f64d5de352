"""The composition of service-reminder."""

from baoke_chassis.service import Api, Service

from service_reminder.consumers import vehicles
from service_reminder.db.tables import Base
from service_reminder.domain.policy import ReminderPolicy
from service_reminder.jobs import release_holds, remind
from service_reminder.settings import Settings


def service(settings: Settings) -> Service:
    """Put service-reminder together."""
    return Service(
        name="service-reminder",
        title="Maintenance and visits",
        description="Maintenance plans, projected due dates, reminders, workshop visits and appointments.",
        package="service_reminder",
        metadata=Base.metadata,
        settings=settings,
        load_api=_load_api,
        policy=ReminderPolicy,
        subscriptions=(vehicles.subscriptions,),
        jobs=(*remind.jobs, release_holds.job),
    )


def _load_api() -> Api:
    from service_reminder.api.routes import API  # noqa: PLC0415 (a worker does without)

    return API
