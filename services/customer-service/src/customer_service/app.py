"""How customer-service is put together."""

from baoke_chassis.service import Api, Service

from customer_service.consumers import contacts, leads, loyalty, messages, services
from customer_service.db.tables import Base
from customer_service.domain.policy import CustomerPolicy
from customer_service.jobs.escalate_complaints import escalate_complaints
from customer_service.jobs.review_churn import review_churn
from customer_service.jobs.review_segments import review_segments
from customer_service.settings import Settings


def service(settings: Settings) -> Service:
    """Return the service's composition."""
    return Service(
        name="customer-service",
        title="Customers and vehicles",
        description="One person, one profile: the person, their vehicles and odometer, consent, segment and story.",
        package="customer_service",
        settings=settings,
        metadata=Base.metadata,
        load_api=_load_api,
        policy=CustomerPolicy,
        subscriptions=(
            contacts.subscriptions,
            leads.subscriptions,
            services.subscriptions,
            loyalty.subscriptions,
            messages.subscriptions,
        ),
        jobs=(review_segments, review_churn, escalate_complaints),
    )


def _load_api() -> Api:
    from customer_service.api.routes import API  # noqa: PLC0415 (a worker does without)

    return API
