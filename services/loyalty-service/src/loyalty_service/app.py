"""How loyalty-service is put together."""

from baoke_chassis.service import Api, Service

from loyalty_service.consumers import contacts, customers, leads, services, vehicles
from loyalty_service.db.tables import Base
from loyalty_service.domain.policy import LoyaltyPolicy
from loyalty_service.jobs import expire_points, pay_referrals, review_tiers
from loyalty_service.settings import Settings


def service(settings: Settings) -> Service:
    """The service, ready to be run."""
    return Service(
        name="loyalty-service",
        title="Loyalty",
        description="The points ledger, tiers (银卡、金卡、铂金卡), rewards and vouchers, and referrals (老带新).",
        package="loyalty_service",
        metadata=Base.metadata,
        settings=settings,
        load_api=_load_api,
        policy=LoyaltyPolicy,
        subscriptions=(
            leads.subscriptions,
            customers.subscriptions,
            vehicles.subscriptions,
            contacts.subscriptions(settings.phone_hash_key),
            services.subscriptions,
        ),
        jobs=(expire_points.job, pay_referrals.job, review_tiers.job),
    )


def _load_api() -> Api:
    from loyalty_service.api.routes import API  # noqa: PLC0415 (a worker does without)

    return API
