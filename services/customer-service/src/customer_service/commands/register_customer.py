"""Register a person who stands in the showroom, or whom another system knows."""

from dataclasses import replace
from datetime import datetime

from baoke_chassis.policy import rules_of
from sqlalchemy.ext.asyncio import AsyncSession

from customer_service.commands.admit_people import Admitted, Person, admit_people, registrations_of
from customer_service.commands.announce import announce
from customer_service.domain.consents import granted_by_wording
from customer_service.domain.policy import CustomerPolicy

INTAKE_CHANNEL = "showroom"


async def register_customer(
    session: AsyncSession, person: Person, *, consents_are_explicit: bool, now: datetime
) -> Admitted:
    """Make the person a customer and say so, or find the customer who has the phone already and change nothing.

    Without explicit consents a new customer has agreed to what the showroom's registered wording says.
    """
    if not consents_are_explicit:
        policy = await rules_of(session, person.dealer_id, CustomerPolicy)
        granted = granted_by_wording(policy.consent_wordings, INTAKE_CHANNEL, at=now)
        person = replace(person, statements=tuple(granted))
    admitted = await admit_people(session, [person], now=now)
    await announce(session, registrations_of(admitted, now=now))
    return admitted[0]
