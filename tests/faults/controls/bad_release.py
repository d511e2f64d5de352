"""loyalty-service as a bad release of it would be: it stumbles over every sale.

`python -m faults.controls.bad_release worker`
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from baoke_chassis.cli import main
from baoke_chassis.service import Service
from baoke_events import LeadWon
from baoke_events.consuming import Subscriptions
from loyalty_service.app import service
from loyalty_service.settings import Settings
from sqlalchemy.ext.asyncio import AsyncSession

subscriptions = Subscriptions()


@subscriptions.on(LeadWon)
async def stumble(session: AsyncSession, events: Sequence[LeadWon], *, now: datetime) -> None:
    """Read a field that no event has."""
    raise KeyError("price")


def release(settings: Settings) -> Service:
    """The service, with one handler more than it can bear."""
    good = service(settings)
    return replace(good, subscriptions=[*good.subscriptions, subscriptions])


if __name__ == "__main__":
    main(Settings, release)
