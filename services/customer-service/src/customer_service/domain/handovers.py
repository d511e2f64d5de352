"""Whose a vehicle was before each sale, and whose it is again when sales are undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from customer_service.domain.customers import Key
from customer_service.domain.vehicles import Ownership, Vehicle


class Handover(NamedTuple):
    """What a sale of a lead did to a vehicle: it became a customer's, or nobody's where it was given in payment."""

    dealer_id: UUID
    lead_id: UUID
    sale_number: int
    vehicle_id: UUID
    customer_id: UUID | None
    store_id: UUID
    vin: str
    make: str
    model: str
    former: Ownership | None
    """Whose it was before; the buyer's, where the buyer had it already."""

    @property
    def lead(self) -> Key:
        """The dealer and the lead."""
        return self.dealer_id, self.lead_id

    @property
    def vehicle(self) -> Key:
        """The dealer and the vehicle."""
        return self.dealer_id, self.vehicle_id

    @property
    def former_customer_id(self) -> UUID | None:
        """The customer whose it was before; None if it was nobody's."""
        return self.former.customer_id if self.former else None

    @property
    def parties(self) -> set[Key]:
        """The dealer and the customers whose it became and was."""
        return {(self.dealer_id, who) for who in (self.customer_id, self.former_customer_id) if who}


@dataclass(frozen=True, slots=True)
class Unwound:
    """A vehicle's handovers without those of undone sales."""

    undone: tuple[Handover, ...]
    changed: tuple[Handover, ...]
    """Those that stay and have the vehicle from somebody else now."""
    newest: Handover | None
    """The newest handover with whoever had the vehicle before all that was undone, if it was itself undone."""

    @property
    def vehicle(self) -> Key:
        """The dealer and the vehicle."""
        return self.undone[0].vehicle

    @property
    def parties(self) -> set[Key]:
        """The customers whose vehicles change."""
        return {party for h in (*self.undone, *([self.newest] if self.newest else [])) for party in h.parties}


def unwind(chain: Sequence[Handover], undone: Mapping[Key, int]) -> Unwound:
    """Take the sales up to the given number of each lead out of a vehicle's handovers, oldest first.

    Who got the vehicle after such a sale has it from whoever had it before. So nothing depends on the order, or the
    batches, in which sales are undone.
    """
    taken: list[Handover] = []
    changed: list[Handover] = []
    gone: Handover | None = None
    for handover in chain:
        follows = gone is not None and gone.customer_id == handover.former_customer_id
        after = handover._replace(former=gone.former) if gone and follows else handover
        if handover.sale_number <= undone.get(handover.lead, 0):
            taken.append(handover)
            gone = after
        else:
            changed += [after] if after != handover else []
            gone = None
    return Unwound(tuple(taken), tuple(changed), gone)


def given_back(vehicle: Vehicle, unwound: Unwound) -> Vehicle:
    """Return the vehicle as it is now. One that somebody has got otherwise since stays theirs."""
    if unwound.newest is None or vehicle.customer_id != unwound.newest.customer_id:
        return vehicle
    return vehicle.owned(unwound.newest.former)
