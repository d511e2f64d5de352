"""Sending: the cap under pressure, crashes, providers that fail, quiet hours, contacts that come late."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import chain, repeat

import pytest
from baoke_chassis.testing import DEALER
from baoke_events import MessageFailed, MessageSent, MessageSuppressed, VisitProgressed
from baoke_events.ids import uuid7
from notification_service.channels.connecting import connect
from notification_service.channels.courier import AT_ONCE, Courier
from notification_service.channels.provider import ProviderAway, Refused
from notification_service.commands.claim_messages import claim_messages
from notification_service.commands.settle_messages import settle_messages
from notification_service.db.tables import ContactBudget, LocalOutbox, Message
from notification_service.domain.deliveries import LEASE
from notification_service.domain.messages import Channel
from notification_service.domain.unsubscribe_links import UnsubscribeLinks
from notification_service.jobs.send_due_messages import send_due_messages
from notification_service.settings import Settings
from sqlalchemy import select

LINKS = UnsubscribeLinks("http://baoke.test", b"secret")
SETTINGS = Settings(database_url="unused", local_outbox=True)


class Scripted:
    """A provider that remembers what it was handed, and answers as it is told."""

    def __init__(self, *answers: Exception | None) -> None:
        self.parcels = []
        self._answers = list(answers)

    async def deliver(self, parcel):
        self.parcels.append(parcel)
        await asyncio.sleep(0)
        answer = self._answers.pop(0) if self._answers else None
        if answer is not None:
            raise answer


class Hanging:
    """A provider that never answers."""

    async def deliver(self, _parcel):
        await asyncio.Event().wait()


@pytest.fixture
def hanging_turn(database):
    """Takes a sender's turn in which no provider answers in time."""

    async def take(*, now, within_s):
        async with database.begin() as session:
            claim = await claim_messages(session, per_class=50, now=now)
        courier = Courier(dict.fromkeys(Channel, Hanging()), LINKS, within_s=within_s)
        outcomes = await courier.deliver(claim.claimed, now=now)
        async with database.begin() as session:
            await settle_messages(session, claim.claim_id, outcomes, now=now)

    return take


def over(**providers):
    """Connects these providers, named by channel."""

    @asynccontextmanager
    async def connected(_database):
        yield {Channel(name): provider for name, provider in providers.items()}

    return connected


async def test_twenty_at_once_over_ten_senders_become_three_sent_and_seventeen_capped(
    database, session, introduce, send, published, noon
):
    party_id = await introduce()
    for _ in range(20):
        await send(party_id)
    sms = Scripted()

    await asyncio.gather(*(send_due_messages(database, over(sms=sms), LINKS, now=noon, per_class=2) for _ in range(10)))

    assert len(sms.parcels) == 3
    facts = Counter((type(e).__name__, getattr(e, "reason", None)) for e in await published())
    assert facts == {("MessageSent", None): 3, ("MessageSuppressed", "capped"): 17}
    budget = (await session.scalars(select(ContactBudget))).one()
    assert (budget.reserved, budget.used) == (0, 3)


async def test_senders_that_share_persons_never_exceed_the_cap_between_them(
    database, session, introduce, send, published, noon
):
    parties = [await introduce() for _ in range(12)]
    for party_id in parties * 5:
        await send(party_id)
    sms = Scripted()

    async def keep_sending():
        while await send_due_messages(database, over(sms=sms), LINKS, now=noon, per_class=5):
            pass

    await asyncio.gather(*(keep_sending() for _ in range(4)))

    sent = Counter(e.party_id for e in await published() if isinstance(e, MessageSent))
    assert sent == dict.fromkeys(parties, 3)
    budgets = (await session.scalars(select(ContactBudget))).all()
    assert {(b.reserved, b.used) for b in budgets} == {(0, 3)}


async def test_over_the_cap_a_transactional_message_still_goes(introduce, send, run_job, published, noon):
    party_id = await introduce()
    for _ in range(4):
        await send(party_id)
    booking = await send(party_id, "transactional")

    await run_job("send_due_messages", now=noon)

    sent = [e.message_id for e in await published() if isinstance(e, MessageSent)]
    assert len(sent) == 4
    assert booking in sent


async def test_the_next_day_brings_a_new_budget(introduce, send, run_job, published, noon):
    party_id = await introduce()
    for _ in range(3):
        await send(party_id)
    await run_job("send_due_messages", now=noon)
    await send(party_id)

    await run_job("send_due_messages", now=noon + timedelta(days=1))

    assert [type(e) for e in await published()] == [MessageSent] * 4


async def test_a_crash_between_delivery_and_record_is_made_good_with_the_same_key(
    database, session, introduce, send, published, run_job, noon
):
    party_id = await introduce()
    message_id = await send(party_id)
    async with database.begin() as before_the_crash:
        claim = await claim_messages(before_the_crash, per_class=10, now=noon)
    async with connect(SETTINGS, database) as providers:
        await Courier(providers, LINKS).deliver(claim.claimed, now=noon)
    provider = Scripted()
    await Courier({Channel.SMS: provider}, LINKS).deliver(claim.claimed, now=noon)

    assert await run_job("send_due_messages", now=noon + LEASE - timedelta(seconds=1)) == 0
    await send_due_messages(database, over(sms=provider), LINKS, now=noon + LEASE)

    assert [parcel.message_id for parcel in provider.parcels] == [message_id, message_id]
    assert [e.message_id for e in await published()] == [message_id]
    budget = (await session.scalars(select(ContactBudget))).one()
    assert (budget.reserved, budget.used) == (0, 1)


async def test_the_local_outbox_shows_a_message_once_that_was_delivered_twice(
    database, session, introduce, send, run_job, noon
):
    await send(await introduce())
    async with database.begin() as before_the_crash:
        claim = await claim_messages(before_the_crash, per_class=10, now=noon)
    async with connect(SETTINGS, database) as providers:
        await Courier(providers, LINKS).deliver(claim.claimed, now=noon)

    await run_job("send_due_messages", now=noon + LEASE)

    assert len((await session.scalars(select(LocalOutbox))).all()) == 1


async def test_a_database_that_is_back_in_time_costs_nobody_a_second_message(
    database, introduce, send, published, noon, monkeypatch
):
    await send(await introduce())
    sms, begin, is_away = Scripted(), database.begin, chain([False, True, True], repeat(False))

    @asynccontextmanager
    async def now_and_then():
        if next(is_away):
            raise ConnectionRefusedError
        async with begin() as session:
            yield session

    monkeypatch.setattr(database, "begin", now_and_then)
    monkeypatch.setattr("notification_service.jobs.send_due_messages.SETTLE_AGAIN_S", 0)

    await send_due_messages(database, over(sms=sms), LINKS, now=noon)
    await send_due_messages(database, over(sms=sms), LINKS, now=noon + LEASE)

    assert len(sms.parcels) == 1
    assert [type(e) for e in await published()] == [MessageSent]


async def test_a_sender_whose_lease_has_ended_records_nothing(database, introduce, send, published, noon):
    await send(await introduce())
    slow = Scripted()

    @asynccontextmanager
    async def slower_than_the_lease(_database):
        await send_due_messages(database, over(sms=Scripted()), LINKS, now=noon + LEASE)
        yield {Channel.SMS: slow}

    await send_due_messages(database, slower_than_the_lease, LINKS, now=noon)

    assert len(slow.parcels) == 1
    assert [type(e) for e in await published()] == [MessageSent]


async def test_a_provider_that_is_away_is_asked_again_and_the_place_is_kept(
    database, session, introduce, send, messages_of, published, noon
):
    party_id = await introduce()
    await send(party_id)
    sms = Scripted(ProviderAway("503"))

    await send_due_messages(database, over(sms=sms), LINKS, now=noon)
    (waiting,) = await messages_of(party_id)
    budget = (await session.scalars(select(ContactBudget))).one()
    kept = (budget.reserved, budget.used)
    await send_due_messages(database, over(sms=sms), LINKS, now=noon + timedelta(seconds=5))

    assert (waiting["state"], waiting["reason"]) == ("waiting", "provider_away")
    assert kept == (1, 0)
    assert len(sms.parcels) == 2
    assert [type(e) for e in await published()] == [MessageSent]


async def test_what_one_channel_refuses_goes_by_the_next(database, introduce, send, messages_of, noon):
    party_id = await introduce()
    await send(party_id)
    sms, email = Scripted(Refused("no such number")), Scripted()

    await send_due_messages(database, over(sms=sms, email=email), LINKS, now=noon)

    (message,) = await messages_of(party_id)
    assert (message["state"], message["channel"], message["subject"]) == ("sent", "email", "周末活动")
    assert email.parcels[0].unsubscribe_url.startswith("http://baoke.test/u/")


async def test_what_every_channel_refuses_fails_and_gives_its_place_back(
    database, session, introduce, send, published, noon
):
    party_id = await introduce()
    message_id = await send(party_id)
    refusing = {"sms": Scripted(Refused("no")), "email": Scripted(Refused("no"))}

    await send_due_messages(database, over(**refusing), LINKS, now=noon)

    (failed,) = await published()
    assert isinstance(failed, MessageFailed)
    assert (failed.message_id, failed.channel, failed.reason) == (message_id, "email", "refused")
    budget = (await session.scalars(select(ContactBudget))).one()
    assert (budget.reserved, budget.used) == (0, 0)


async def test_a_provider_that_never_answers_is_given_up_after_five_tries(database, introduce, send, published, noon):
    await send(await introduce(email=None))
    away = Scripted(*[ProviderAway("timeout")] * 9)

    for minutes in (0, 1, 2, 6, 30, 60, 90):
        await send_due_messages(database, over(sms=away), LINKS, now=noon + timedelta(minutes=minutes))

    (failed,) = await published()
    assert (failed.reason, len(away.parcels)) == ("provider_away", 5)


async def test_what_a_turn_does_not_come_to_goes_back_untried_and_goes_at_once(
    database, session, introduce, send, hanging_turn, published, noon
):
    for _ in range(AT_ONCE + 2):
        await send(await introduce())

    await hanging_turn(now=noon, within_s=2)
    stand = (await session.execute(select(Message.state, Message.attempts, Message.reason, Message.channel))).all()
    await session.commit()
    await send_due_messages(database, over(sms=Scripted()), LINKS, now=noon)

    assert Counter(map(tuple, stand)) == {
        ("waiting", 1, "provider_away", "sms"): AT_ONCE,
        ("waiting", 0, None, None): 2,
    }
    assert [type(e) for e in await published()] == [MessageSent] * 2


async def test_waiting_in_vain_for_a_turn_is_no_try(database, introduce, send, hanging_turn, messages_of, noon):
    party_id = await introduce()
    await send(party_id)
    for _ in range(9):
        await hanging_turn(now=noon, within_s=0)

    await send_due_messages(database, over(sms=Scripted(ProviderAway("503"))), LINKS, now=noon)

    (message,) = await messages_of(party_id)
    assert (message["state"], message["reason"]) == ("waiting", "provider_away")


async def test_a_bug_in_one_delivery_does_not_lose_what_became_of_the_others(
    database, introduce, send, published, noon
):
    first, second = await introduce(), await introduce()
    await send(first)
    await send(second)

    await send_due_messages(database, over(sms=Scripted(RuntimeError("bug"))), LINKS, now=noon)

    assert [e.party_id for e in await published()] == [second]


async def test_without_a_provider_a_message_fails_and_says_so(database, introduce, send, published, noon):
    await send(await introduce())

    await send_due_messages(database, over(), LINKS, now=noon)

    (failed,) = await published()
    assert failed.reason == "no_provider"


async def test_a_contact_that_comes_after_the_event_is_waited_for(deliver, introduce, run_job, messages_of, noon):
    customer_id = uuid7()
    await deliver(
        VisitProgressed(
            dealer_id=DEALER,
            occurred_at=noon,
            vehicle_id=uuid7(),
            customer_id=customer_id,
            store_id=uuid7(),
            visit_id=uuid7(),
            stage="ready",
        )
    )
    await run_job("send_due_messages", now=noon)
    (waiting,) = await messages_of(customer_id)
    await introduce(customer_id)

    await run_job("send_due_messages", now=noon + timedelta(seconds=2))

    (sent,) = await messages_of(customer_id)
    assert (waiting["state"], waiting["reason"]) == ("waiting", "no_contact")
    assert (sent["state"], sent["reason"]) == ("sent", None)
    assert sent["text"] == "【保客】李雷您好，您的爱车已完工并通过质检，可以来提车了。"


async def test_a_contact_that_never_comes_is_given_up_after_a_minute(send, run_job, published, noon):
    await send(uuid7())

    await run_job("send_due_messages", now=noon)
    await run_job("send_due_messages", now=noon + timedelta(days=1))

    (suppressed,) = await published()
    assert isinstance(suppressed, MessageSuppressed)
    assert suppressed.reason == "no_contact"


async def test_at_night_marketing_waits_for_the_morning_and_is_not_lost(
    introduce, send, run_job, messages_of, published, noon
):
    party_id = await introduce()
    await send(party_id)
    ten_in_the_evening = noon + timedelta(hours=10)

    await run_job("send_due_messages", now=ten_in_the_evening)
    (waiting,) = await messages_of(party_id)
    await run_job("send_due_messages", now=noon + timedelta(hours=20))

    assert (waiting["state"], waiting["reason"]) == ("waiting", "quiet_hours")
    assert [type(e) for e in await published()] == [MessageSent]


@pytest.mark.parametrize(("message_class", "reason"), [("service", "no_consent"), ("marketing", "no_consent")])
async def test_without_consent_nothing_goes_and_the_reason_is_told(
    introduce, send, run_job, published, noon, message_class, reason
):
    message_id = await send(await introduce(consents=[]), message_class)

    await run_job("send_due_messages", now=noon)

    (suppressed,) = await published()
    assert (suppressed.message_id, suppressed.message_class, suppressed.reason) == (message_id, message_class, reason)


async def test_consent_counts_at_the_time_of_sending(introduce, send, run_job, published, noon):
    party_id = await introduce()
    await send(party_id)
    await introduce(party_id, sequence=2, consents=[])

    await run_job("send_due_messages", now=noon)

    assert [e.reason for e in await published()] == ["no_consent"]


async def test_an_older_contact_that_comes_later_changes_nothing(introduce, send, run_job, messages_of, noon):
    party_id = await introduce(sequence=2, name="韩梅梅")
    await introduce(party_id, sequence=1, name="李雷")
    await send(party_id, "transactional", template="visit_ready", data={})

    await run_job("send_due_messages", now=noon)

    (message,) = await messages_of(party_id)
    assert message["text"].startswith("【保客】韩梅梅您好")
