"""Events as journeys see them."""

from uuid import UUID

from baoke_events.event import Event

from notification_service.domain.journeys import Occurrence


def occurrence_of(event: Event, party_id: UUID) -> Occurrence:
    """What happened to the party; its data as JSON values, under the event's own field names."""
    return Occurrence(
        event_id=event.id,
        event=type(event).__name__,
        dealer_id=event.dealer_id,
        party_id=party_id,
        occurred_at=event.occurred_at,
        data=event.model_dump(mode="json"),
    )
