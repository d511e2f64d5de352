"""The embedded provider: keeps what each customer would have received, for people to look at."""

from dataclasses import dataclass

from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database

from notification_service.channels.provider import Parcel
from notification_service.db import local_outbox as db_local_outbox


@dataclass(frozen=True, slots=True)
class LocalOutboxProvider:
    """Takes parcels of every channel and sends nothing anywhere."""

    database: Database

    async def deliver(self, parcel: Parcel) -> None:
        """The parcel lies in the outbox, once, however often it is handed over."""
        async with self.database.begin() as session:
            await db_local_outbox.keep(
                session,
                dealer_id=parcel.dealer_id,
                message_id=parcel.message_id,
                channel=parcel.channel,
                subject=parcel.subject,
                text=parcel.text,
                now=utc_now(),
            )
