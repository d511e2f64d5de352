"""Customers: register, search, and see all of one."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from baoke_chassis.clock import utc_now
from baoke_chassis.paging import Page, Paging
from baoke_chassis.policy import rules_of
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query, Response
from pydantic import AfterValidator

from customer_service.api.callers import Reader, Writer, stores_of
from customer_service.api.consents import consents_out
from customer_service.api.customer_bodies import (
    ChurnOut,
    CustomerIn,
    CustomerOut,
    CustomerRegisteredOut,
    CustomerSummary,
    RfmOut,
)
from customer_service.api.fields import Phone
from customer_service.api.vehicle_bodies import VehicleOut
from customer_service.commands.register_customer import register_customer
from customer_service.db import churn as db_churn
from customer_service.db import consents as db_consents
from customer_service.db import customer_views
from customer_service.db import visits as db_visits
from customer_service.db.customer_views import Sought
from customer_service.domain.errors import CustomerNotFound
from customer_service.domain.policy import CustomerPolicy
from customer_service.domain.vin import normal_vin

router = Router(prefix="/v1/customers", tags=["customers"])


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=CustomerRegisteredOut,
    responses={
        200: {"model": CustomerRegisteredOut, "description": "The phone is a customer's already; nothing changed"}
    },
)
async def post_customer(
    body: CustomerIn, caller: Writer, session: Transaction, response: Response
) -> CustomerRegisteredOut:
    """Register a person. A phone belongs to one customer of the dealer group: registering it again finds that customer.

    Without `consents` the person has agreed to what the dealer's registered wording of the showroom says.
    """
    caller.require_store(body.store_id)
    now = utc_now()
    admitted = await register_customer(
        session,
        body.person(caller.dealer_id, now),
        consents_are_explicit=body.consents is not None,
        now=now,
    )
    response.status_code = HTTPStatus.CREATED if admitted.is_new else HTTPStatus.OK
    return CustomerRegisteredOut(
        customer_id=admitted.customer.customer_id, outcome="created" if admitted.is_new else "exists"
    )


@router.get("", response_model=Page[CustomerSummary])
async def search_customers(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends()],
    phone: Annotated[Phone | None, Query(description="exactly, in any usual notation")] = None,
    vin: Annotated[
        str | None, Query(max_length=40, description="of one of the vehicles"), AfterValidator(normal_vin)
    ] = None,
    name: Annotated[str | None, Query(min_length=1, max_length=200, description="how it begins")] = None,
) -> Page[CustomerSummary]:
    """Search customers by phone, VIN or name, newest first. Marketing and auditors see masked phones."""
    found = await customer_views.search(
        session,
        caller.dealer_id,
        Sought(phone, vin, name),
        stores=stores_of(caller),
        limit=paging.limit + 1,
        before=paging.after_instant_and_id(),
    )
    shown = [CustomerSummary.of(view, sees_phones=caller.sees_phones) for view in found]
    return paging.page(shown, cursor=lambda item: (item.registered_at, item.customer_id))


@router.get("/{customer_id}", response_model=CustomerOut)
async def get_customer(customer_id: UUID, caller: Reader, session: Transaction) -> CustomerOut:
    """See all of one customer: who they are, their vehicles, what they agreed to, and where they stand."""
    view = await customer_views.find(session, caller.dealer_id, customer_id, stores=stores_of(caller))
    if view is None:
        raise CustomerNotFound(customer_id)
    now, key = utc_now(), view.customer.key
    policy = await rules_of(session, caller.dealer_id, CustomerPolicy)
    rfm = await db_visits.rfm_of(session, {key: now - timedelta(days=policy.segments.window_days)})
    consents = await db_consents.states(session, [key])
    summary = CustomerSummary.of(view, sees_phones=caller.sees_phones)
    return CustomerOut(
        **summary.model_dump(),
        **CustomerOut.profile_of(view.customer),
        lead_ids=await customer_views.leads_of(session, *key),
        rfm=RfmOut.of(rfm[key], now=now),
        churn=ChurnOut.of(await db_churn.warning_of(session, key)),
        vehicles=[VehicleOut.model_validate(v) for v in await customer_views.vehicles_of(session, *key)],
        consents=consents_out(consents.get(key, {})),
    )
