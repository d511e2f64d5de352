import asyncio

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER
from baoke_events import ReferralMade
from baoke_events.ids import uuid7
from lead_service.commands.capture_leads import capture_leads
from lead_service.commands.defeat_lead import DefeatLead, defeat_lead
from lead_service.domain.capture import Outcome
from lead_service.domain.contact import Contact, Phone
from lead_service.domain.defeat import DefeatReason
from lead_service.domain.interest import Interest
from lead_service.domain.source import Channel, Source


@pytest.fixture
def arrive(database):
    """Captures inquiries in a transaction of their own; answers their outcomes."""

    async def arrive_(*inquiries):
        async with database.begin() as session:
            return [capture.outcome for capture in await capture_leads(session, inquiries, now=utc_now())]

    return arrive_


async def test_answers_come_in_the_order_of_the_inquiries(arrive, inquiry):
    sent = Source(Channel.WEBSITE, "website", "W-1")
    await arrive(inquiry(source=sent))

    outcomes = await arrive(inquiry(), inquiry(Phone("+8613800138001")), inquiry(source=sent))

    assert outcomes == [Outcome.TOUCHED, Outcome.CREATED, Outcome.REPEATED]


async def test_an_inquiry_that_meets_a_defeat_in_progress_waits_and_opens_a_new_lead(arrive, inquiry, database):
    known = inquiry()
    await arrive(known)

    async with database.begin() as session:
        await defeat_lead(session, DefeatLead(DEALER, known.lead_id, DefeatReason.PRICE), now=utc_now())
        arriving = asyncio.create_task(arrive(inquiry()))
        await asyncio.sleep(0.2)
        assert not arriving.done()

    assert await arriving == [Outcome.CREATED]


async def test_an_inquiry_that_meets_its_own_copy_in_progress_waits_and_repeats_it(arrive, inquiry, database):
    sent = Source(Channel.WEBSITE, "website", "W-1")

    async with database.begin() as session:
        await capture_leads(session, [inquiry(source=sent)], now=utc_now())
        arriving = asyncio.create_task(arrive(inquiry(source=sent)))
        await asyncio.sleep(0.2)
        assert not arriving.done()

    assert await arriving == [Outcome.REPEATED]


async def test_what_is_rolled_back_was_never_there(arrive, inquiry, session):
    sent = Source(Channel.WEBSITE, "website", "W-1")
    await capture_leads(session, [inquiry(source=sent)], now=utc_now())
    await session.rollback()

    assert await arrive(inquiry(source=sent)) == [Outcome.CREATED]


async def test_batches_of_the_same_people_in_opposite_order_do_not_wait_on_each_other(arrive, inquiry):
    def batch():
        return [
            inquiry(Phone(f"+8613800{number:06}"), id=uuid7(), source=Source(Channel.WEBSITE, "website", str(number)))
            for number in range(60)
        ]

    results = await asyncio.gather(*(arrive(*order) for order in (batch(), batch()[::-1], batch(), batch()[::-1])))

    assert sorted(outcome for outcomes in results for outcome in outcomes) == ["created"] * 60 + ["repeated"] * 180


async def test_later_inquiries_complete_a_lead_that_was_a_number_only_and_are_kept_whole(
    arrive, inquiry, client, published
):
    phone = Phone("+8613700137000")
    seal = Interest("BYD", "Seal", None, 20_000_000)
    bare = inquiry(contact=Contact("", phone), interest=Interest())
    await arrive(bare)

    await arrive(inquiry(contact=Contact("李娜", phone), interest=seal, referral_code="R1", note="周末看车"))
    await arrive(inquiry(contact=Contact("王伟", phone), referral_code="R2", note="later"))

    shown = (await client.get(f"/v1/leads/{bare.lead_id}")).json()
    assert (shown["contact"]["name"], shown["note"]) == ("李娜", "周末看车")
    assert shown["interest"] == {"make": "BYD", "model": "Seal", "trim": None, "budget_cents": 20_000_000}
    assert [(t["name"], t["referral_code"], t["interest"]["budget_cents"]) for t in shown["touch_history"]] == [
        ("王伟", "R2", None),
        ("李娜", "R1", 20_000_000),
        ("", None, None),
    ]
    assert [fact.referral_code for fact in await published() if isinstance(fact, ReferralMade)] == ["R1"]
