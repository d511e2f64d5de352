"""What events lead to."""

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.testing import DEALER, OTHER_DEALER
from baoke_events import (
    LeadDefeated,
    LeadReactivated,
    LeadReopened,
    LeadWon,
    MessageSent,
    MessageSuppressed,
    PointsEarned,
    ReferralPaid,
    ServiceCompleted,
    ServiceLine,
)
from baoke_events.ids import uuid7
from notification_service.channels.provider import ProviderAway
from notification_service.db.tables import ContactBudget, Message
from notification_service.domain.messages import Channel
from notification_service.domain.unsubscribe_links import UnsubscribeLinks
from notification_service.jobs.send_due_messages import send_due_messages
from sqlalchemy import select, text


@pytest.fixture
def completed():
    """Makes a finished visit of ¥1,280."""

    def make(customer_id, **changes):
        return ServiceCompleted(
            **{
                "dealer_id": DEALER,
                "occurred_at": utc_now(),
                "vehicle_id": uuid7(),
                "customer_id": customer_id,
                "store_id": uuid7(),
                "visit_id": uuid7(),
                "odometer_km": 30180,
                "lines": (ServiceLine(code="gearbox_oil", description="更换变速箱油", amount_cents=128000),),
                "amount_cents": 128000,
                "completed_at": utc_now(),
                **changes,
            }
        )

    return make


class Away:
    """A provider that nobody reaches."""

    async def deliver(self, _parcel):
        raise ProviderAway("503")


def defeated(lead_id, **changes):
    return LeadDefeated(
        **{
            "dealer_id": DEALER,
            "occurred_at": utc_now(),
            "lead_id": lead_id,
            "store_id": uuid7(),
            "stage": "negotiating",
            "grade": "a",
            "reason": "price",
            "make": "理想",
            "model": "L7",
            **changes,
        }
    )


def reactivated(lead_id, **changes):
    return LeadReactivated(
        **{
            "dealer_id": DEALER,
            "occurred_at": utc_now(),
            "lead_id": lead_id,
            "store_id": uuid7(),
            "reactivation_id": uuid7(),
            "signal_id": uuid7(),
            "signal_kind": "price_cut",
            "strategy": "price_drop",
            "reason": "price",
            "make": "理想",
            "model": "L7",
            "price_from_cents": 35980000,
            "price_to_cents": 34780000,
            "difference_cents": 1200000,
            "defeated_at": utc_now(),
            "priority": 80,
            "attempt": 1,
            **changes,
        }
    )


def won(lead_id):
    return LeadWon(
        dealer_id=DEALER,
        occurred_at=utc_now(),
        lead_id=lead_id,
        store_id=uuid7(),
        vin="LSVAU2180N2184321",
        make="理想",
        model="L7",
        price_cents=34780000,
        sold_at=utc_now(),
        channel="showroom",
    )


async def test_a_finished_visit_is_thanked_for_once_however_often_it_is_heard_of(
    deliver, introduce, completed, run_job, messages_of, published, noon
):
    customer_id = await introduce()
    event = completed(customer_id)
    await deliver(event, event)
    await deliver(event)

    await run_job("send_due_messages", now=noon)
    await deliver(event)
    await run_job("send_due_messages", now=noon)

    (message,) = await messages_of(customer_id)
    assert message["text"] == (
        "【保客】李雷您好，感谢您到店！本次服务（更换变速箱油）已完成，合计¥1,280。"
        "这次体验如何？回复1至5分告诉我们（5分为非常满意）。"
    )
    (sent,) = await published()
    assert (sent.causation_id, sent.party_id, sent.message_class) == (event.id, customer_id, "service")


async def test_a_replay_that_has_lost_the_inbox_plans_nothing_twice(
    deliver, introduce, completed, session, messages_of
):
    customer_id = await introduce()
    event = completed(customer_id)
    await deliver(event)
    await session.execute(text("TRUNCATE inbox"))
    await session.commit()

    await deliver(event)

    assert len(await messages_of(customer_id)) == 1


async def test_what_is_sent_goes_back_to_the_request_that_started_it(
    deliver, introduce, completed, run_job, published, messages_of, noon
):
    customer_id = await introduce()
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    event = completed(customer_id, correlation_id=uuid7(), traceparent=f"00-{trace_id}-b7ad6b7169203331-01")
    await deliver(event)

    await run_job("send_due_messages", now=noon)

    (sent,) = await published()
    (message,) = await messages_of(customer_id)
    assert sent.correlation_id == event.correlation_id
    assert sent.traceparent.split("-")[1] == trace_id
    assert message["trace_id"] == trace_id


async def test_a_price_drop_reaches_the_lead_with_the_difference(deliver, introduce, run_job, messages_of, noon):
    lead_id = await introduce(party_kind="lead", name="王芳")
    await deliver(reactivated(lead_id))

    await run_job("send_due_messages", now=noon)

    (message,) = await messages_of(lead_id)
    assert (message["state"], message["journey"], message["class"]) == ("sent", "reactivation_price_drop", "marketing")
    assert "比之前优惠 ¥12,000" in message["text"]
    assert message["unsubscribe_url"] in message["text"]


async def test_a_lost_lead_is_greeted_after_three_days(deliver, introduce, run_job, published, noon):
    lead_id = await introduce(party_kind="lead")
    await deliver(defeated(lead_id))

    await run_job("send_due_messages", now=noon + timedelta(days=2))
    early = await published()
    await run_job("send_due_messages", now=noon + timedelta(days=4))

    assert early == []
    assert [e.template for e in await published()] == ["lead_care"]


@pytest.mark.parametrize("lost", [defeated, reactivated])
async def test_a_lead_that_is_worked_again_is_not_called_back(deliver, introduce, run_job, published, noon, lost):
    lead_id = await introduce(party_kind="lead")
    told = {"dealer_id": DEALER, "lead_id": lead_id, "store_id": uuid7(), "reason": "price", "grade": "a"}
    later = {"occurred_at": utc_now(), "defeated_at": utc_now(), "next_contact_at": noon}

    await deliver(lost(lead_id, occurred_at=utc_now() - timedelta(minutes=1)), LeadReopened(**told, **later))
    await run_job("send_due_messages", now=noon + timedelta(days=5))

    [suppressed] = await published()
    assert (type(suppressed), suppressed.reason) == (MessageSuppressed, "overtaken")


async def test_an_offer_that_has_ended_is_not_made(deliver, introduce, run_job, published, noon):
    lead_id = await introduce(party_kind="lead")
    last_day = (noon + timedelta(hours=8)).date()
    await deliver(reactivated(lead_id, valid_until=last_day - timedelta(days=1)))

    await run_job("send_due_messages", now=noon)

    [suppressed] = await published()
    assert (type(suppressed), suppressed.reason) == (MessageSuppressed, "expired")


async def test_a_lead_that_comes_back_is_not_greeted_as_lost(deliver, introduce, run_job, published, noon):
    lead_id = await introduce(party_kind="lead")
    await deliver(defeated(lead_id), reactivated(lead_id))

    await run_job("send_due_messages", now=noon + timedelta(days=5))

    suppressed, sent = await published()
    assert isinstance(suppressed, MessageSuppressed)
    assert (suppressed.template, suppressed.reason) == ("lead_care", "overtaken")
    assert isinstance(sent, MessageSent)
    assert sent.template == "reactivation_price_drop"


async def test_what_is_overtaken_while_it_waits_for_a_provider_frees_its_place_of_the_day(
    database, session, deliver, introduce, noon
):
    lead_id = await introduce(party_kind="lead")
    await deliver(reactivated(lead_id))

    @asynccontextmanager
    async def nobody_answers(_database):
        yield dict.fromkeys(Channel, Away())

    await send_due_messages(database, nobody_answers, UnsubscribeLinks("http://baoke.test", b"secret"), now=noon)
    kept = (await session.scalars(select(ContactBudget.reserved))).one()
    await session.commit()

    await deliver(won(lead_id))

    budget = (await session.scalars(select(ContactBudget))).one()
    assert (kept, budget.reserved, budget.used) == (1, 0, 0)


async def test_a_lead_lost_again_after_it_was_back_is_greeted_for_that(deliver, introduce, run_job, published, noon):
    lead_id = await introduce(party_kind="lead")
    await deliver(defeated(lead_id), won(lead_id), defeated(lead_id))

    await run_job("send_due_messages", now=noon + timedelta(days=5))

    assert sorted(type(e).__name__ for e in await published()) == ["MessageSent", "MessageSuppressed"]


async def test_a_visit_and_its_points_make_one_message(deliver, introduce, completed, run_job, messages_of, noon):
    customer_id = await introduce()
    visit = completed(customer_id)
    points = PointsEarned(
        dealer_id=DEALER,
        occurred_at=utc_now(),
        customer_id=customer_id,
        award_id=uuid7(),
        points=1280,
        rule="service",
        source_event_id=visit.id,
        balance=1280,
    )
    await deliver(visit)
    await deliver(points)

    await run_job("send_due_messages", now=noon)

    assert [m["template"] for m in await messages_of(customer_id)] == ["service_thanks"]


async def test_both_sides_of_a_referral_hear_of_points_and_fuel_card(deliver, introduce, run_job, messages_of, noon):
    sides = {side: await introduce() for side in ("referrer", "referee")}
    await deliver(
        *(
            ReferralPaid(
                dealer_id=DEALER,
                occurred_at=utc_now(),
                customer_id=customer_id,
                referral_id=uuid7(),
                side=side,
                points=2000,
                voucher_id=uuid7(),
                voucher_kind="fuel_card",
                voucher_value_cents=50000,
            )
            for side, customer_id in sides.items()
        )
    )

    await run_job("send_due_messages", now=noon)

    for customer_id in sides.values():
        (message,) = await messages_of(customer_id)
        assert "2,000积分和¥500油卡已到账" in message["text"]


async def test_a_dealers_policy_decides_which_journeys_run(client, deliver, introduce, completed, messages_of):
    changes = [{"name": "service_thanks", "enabled": False}, {"name": "lead_care", "delay_s": 0}]
    assert (await client.put("/v1/policy", json={"journeys": changes})).status_code == 200
    customer_id, lead_id = await introduce(), await introduce(party_kind="lead")

    await deliver(completed(customer_id))
    await deliver(defeated(lead_id))

    (care,) = await messages_of(lead_id)
    assert await messages_of(customer_id) == []
    assert (care["template"], care["due_at"] <= utc_now().isoformat()) == ("lead_care", True)


async def test_a_batch_of_two_dealers_keeps_to_each_ones_policy(client, deliver, introduce, completed, session):
    off = {"journeys": [{"name": "service_thanks", "enabled": False}]}
    assert (await client.put("/v1/policy", json=off)).status_code == 200

    await deliver(completed(uuid7()), completed(uuid7(), dealer_id=OTHER_DEALER))

    assert (await session.scalars(select(Message.dealer_id))).all() == [OTHER_DEALER]
