"""Whose a vehicle is in the end does not depend on how the undoing of its sales arrives."""

from datetime import date
from itertools import pairwise

from baoke_events.ids import uuid7
from customer_service.domain.handovers import Handover, given_back, unwind
from customer_service.domain.vehicles import Ownership, Vehicle
from hypothesis import given
from hypothesis import strategies as st

DEALER, STORE, CAR = uuid7(), uuid7(), uuid7()
PEOPLE = [uuid7() for _ in range(3)]
OWNERS = st.sampled_from([None, *PEOPLE])


def owned_by(customer_id):
    return Ownership(customer_id, STORE, date(2026, 3, 2), 0) if customer_id else None


def chain_of(owners):
    """The handovers from each owner to the next; None is nobody."""
    told = {"dealer_id": DEALER, "sale_number": 1, "vehicle_id": CAR, "store_id": STORE}
    car = {"vin": "LSVAU2180N2000001", "make": "大众", "model": "帕萨特"}
    pairs = pairwise(owners)
    return [Handover(**told, **car, lead_id=uuid7(), customer_id=to, former=owned_by(was)) for was, to in pairs]


def vehicle_of(customer_id):
    known = dict.fromkeys(Vehicle._fields)
    return Vehicle(**known)._replace(dealer_id=DEALER, vehicle_id=CAR).owned(owned_by(customer_id))


@given(st.data(), st.lists(OWNERS, min_size=2, max_size=7))
def test_the_newest_sale_that_holds_decides_whatever_the_order_and_the_batches(data, owners):
    chain = chain_of(owners)
    undone = data.draw(st.lists(st.sampled_from(chain), unique_by=lambda handover: handover.lead_id))
    holding = [handover.customer_id for handover in chain if handover not in undone]
    vehicle = vehicle_of(owners[-1])

    while undone:
        batch = [undone.pop() for _ in range(data.draw(st.integers(1, len(undone))))]
        unwound = unwind(chain, {handover.lead: 1 for handover in batch})
        vehicle = given_back(vehicle, unwound)
        changed = {handover.lead: handover for handover in unwound.changed}
        chain = [changed.get(handover.lead, handover) for handover in chain if handover not in unwound.undone]

    assert vehicle.customer_id == [owners[0], *holding][-1]
    assert unwind(chain, {}).changed == ()
