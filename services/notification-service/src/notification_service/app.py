"""notification-service, put together."""

from functools import partial

from baoke_chassis.service import Api, Service
from baoke_events.event import Event

from notification_service.channels.connecting import connect
from notification_service.consumers import contacts, customers, leads, loyalty, services, vehicles
from notification_service.db.tables import Base
from notification_service.domain.policy import NotificationPolicy
from notification_service.domain.unsubscribe_links import UnsubscribeLinks
from notification_service.jobs.forget_undone_facts import forgetting_job
from notification_service.jobs.send_due_messages import sending_job
from notification_service.settings import Settings
from notification_service.templates.known import require_known

DESCRIPTION = """
What may be said to whom, when and where, and the record of it. Journeys turn events into messages; each
message is checked against consent, unsubscription, quiet hours and the daily cap at the moment it is sent.
"""


def service(settings: Settings) -> Service:
    """The service under these settings."""
    links = UnsubscribeLinks(settings.public_base_url, settings.unsubscribe_secret.get_secret_value().encode())

    def load_api() -> Api:
        from notification_service.api.routes import api_of  # noqa: PLC0415 (a worker does without)

        return api_of(links, local_outbox=settings.local_outbox)

    subscriptions = (
        contacts.subscriptions,
        customers.subscriptions,
        leads.subscriptions,
        services.subscriptions,
        loyalty.subscriptions,
        vehicles.subscriptions,
    )
    heard = {Event.registry[type_].__name__ for part in subscriptions for type_ in part.types}
    return Service(
        name="notification-service",
        title="Messages",
        description=DESCRIPTION,
        package="notification_service",
        settings=settings,
        metadata=Base.metadata,
        load_api=load_api,
        policy=NotificationPolicy,
        check_policy=partial(require_known, events=heard),
        subscriptions=subscriptions,
        jobs=(sending_job(partial(connect, settings), links), forgetting_job(inbox_days=settings.inbox_days)),
    )
