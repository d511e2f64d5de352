"""Which event leads to which message."""

from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction

from notification_service.api.callers import Reader
from notification_service.api.schemas import JourneyList
from notification_service.domain.policy import NotificationPolicy

router = Router(prefix="/v1/journeys", tags=["journeys"])


@router.get("", summary="List the journeys in force")
async def list_journeys(caller: Reader, session: Transaction) -> JourneyList:
    """The shipped journeys with the dealer's changes, and the dealer's own. `PUT /v1/policy` changes them by name."""
    policy = await rules_of(session, caller.dealer_id, NotificationPolicy)
    return JourneyList(journeys=list(policy.effective_journeys()))
