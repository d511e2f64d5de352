"""Cars that people may try (试驾车)."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DemoCar:
    """A store's demo car. One that is out of service takes no bookings; those it has stay."""

    dealer_id: UUID
    id: UUID
    store_id: UUID
    make: str
    model: str
    trim: str | None
    plate: str
    in_service: bool = True
    version: int = 1
