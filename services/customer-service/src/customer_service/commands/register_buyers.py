"""Make customers of leads that bought, as soon as both their sale and their contact are known."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from baoke_chassis.policy import policy_of
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.admit_people import Admitted, Person, admit_people, registrations_of
from customer_service.commands.announce import announce
from customer_service.commands.enter_vehicles import Purchase
from customer_service.commands.hand_over_vehicles import hand_over_vehicles
from customer_service.commands.inherit_contacts import inherit_contacts
from customer_service.commands.review_segments import decide_segments
from customer_service.db import customers as db_customers
from customer_service.db import handovers as db_handovers
from customer_service.db import leads as db_leads
from customer_service.domain.consents import Statement
from customer_service.domain.customers import Key
from customer_service.domain.leads import Buyer, LeadContact, Sale
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.vin import normal_vin

Answers = Mapping[Key, UUID]
"""The event that each lead's registration answers: the one that came second."""


async def note_contacts(
    session: AsyncSession, contacts: Sequence[LeadContact], answers: Answers, *, now: datetime
) -> None:
    """Keep how to reach leads, and register those whose sale came before."""
    newest = {c.key: c for c in sorted(contacts, key=lambda c: c.sequence)}
    await db_leads.put_contacts(session, newest.values())
    await register_buyers(session, newest, answers, now=now)


async def note_sales(session: AsyncSession, sales: Sequence[Sale], answers: Answers, *, now: datetime) -> None:
    """Keep what leads bought, and register those whose contact came before. Of a lead's sales the newest holds."""
    newest: dict[Key, Sale] = {}
    for sale in sales:
        if sale.key not in newest or newest[sale.key].sale_number < sale.sale_number:
            newest[sale.key] = sale
    await db_leads.put_sales(session, newest.values())
    await register_buyers(session, newest, answers, now=now)


async def register_buyers(session: AsyncSession, leads: Iterable[Key], answers: Answers, *, now: datetime) -> None:
    """Register person and vehicle of those of the leads of whom all is known and whose sale is not registered yet.

    A buyer whose phone a customer has is that customer: the sale adds a vehicle. Every sale is
    told by a `VehicleRegistered` that names the lead; `CustomerRegistered` is for new people only.
    A lead that is a customer by an earlier sale, which was undone, is the same one.
    """
    buyers = await db_leads.lock_buyers(session, leads)
    if not buyers:
        return
    policies = await policy_of(session, {b.sale.dealer_id for b in buyers}, CustomerPolicy)
    withdrawn = await _withdrawn(session, buyers)
    people = [_person_of(buyer, withdrawn[buyer.key], answers.get(buyer.key)) for buyer in buyers]
    admitted = await _admitted(session, buyers, people, now)
    inherited = await inherit_contacts(session, admitted, now=now)
    purchases = [
        _purchase_of(buyer, a, policies[a.customer.dealer_id]) for buyer, a in zip(buyers, admitted, strict=True)
    ]
    handed_over = await hand_over_vehicles(session, purchases, policies, now=now)
    await db_handovers.put(session, handed_over.handovers)
    await db_leads.become(session, {buyer.key: a.customer.key for buyer, a in zip(buyers, admitted, strict=True)})
    segments = await decide_segments(session, handed_over.because, now=now)
    await announce(session, [*registrations_of(admitted, now=now), *inherited, *handed_over.events, *segments])


async def _admitted(
    session: AsyncSession, buyers: Sequence[Buyer], people: Sequence[Person], now: datetime
) -> list[Admitted]:
    """Return the customer each buyer is, in the buyers' order."""
    keys = {(b.sale.dealer_id, b.customer_id) for b in buyers if b.customer_id}
    known = await db_customers.lock(session, keys) if keys else {}
    pairs = list(zip(buyers, people, strict=True))
    new = [person for buyer, person in pairs if (buyer.sale.dealer_id, buyer.customer_id) not in known]
    admitted = iter(await admit_people(session, new, now=now) if new else ())
    return [
        Admitted(person, known[buyer.sale.dealer_id, buyer.customer_id], is_new=False)
        if buyer.customer_id and (buyer.sale.dealer_id, buyer.customer_id) in known
        else next(admitted)
        for buyer, person in pairs
    ]


async def _withdrawn(session: AsyncSession, buyers: Sequence[Buyer]) -> Mapping[Key, list[Statement]]:
    """Return what the leads withdrew."""
    withdrawn: dict[Key, list[Statement]] = defaultdict(list)
    for opt_out in await db_leads.opt_outs_of(session, [buyer.key for buyer in buyers]):
        withdrawn[opt_out.key].append(opt_out.statement)
    return withdrawn


def _person_of(buyer: Buyer, withdrawn: Sequence[Statement], causation_id: UUID | None) -> Person:
    return Person(
        dealer_id=buyer.sale.dealer_id,
        store_id=buyer.sale.store_id,
        contact=buyer.contact.contact,
        statements=(*buyer.statements, *withdrawn),
        lead_id=buyer.sale.lead_id,
        causation_id=causation_id,
    )


def _purchase_of(buyer: Buyer, admitted: Admitted, policy: CustomerPolicy) -> Purchase:
    sale = buyer.sale
    return Purchase(
        dealer_id=sale.dealer_id,
        customer_id=admitted.customer.customer_id,
        store_id=sale.store_id,
        vin=normal_vin(sale.vin),
        make=sale.make,
        model=sale.model,
        trim=sale.trim,
        powertrain=sale.powertrain,
        purchased_on=policy.local_date(sale.sold_at),
        odometer_km=sale.odometer_km,
        lead_id=sale.lead_id,
        sale_number=sale.sale_number,
        trade_in_vin=normal_vin(sale.trade_in_vin) if sale.trade_in_vin else None,
        causation_id=admitted.person.causation_id,
    )
