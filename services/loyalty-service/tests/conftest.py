"""The service under test, the facts it hears, and what its books say."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.database import Database
from baoke_chassis.service import Service
from baoke_chassis.testing import DEALER, record_of
from baoke_events import (
    ContactChanged,
    CustomerRegistered,
    LeadWon,
    LeadWonCancelled,
    ReferralMade,
    ServiceCompleted,
    ServiceLine,
    VehicleRegistered,
    VehicleReturned,
)
from baoke_events.consuming import Consumer, Subscriptions
from baoke_events.event import Event
from baoke_events.ids import uuid7
from loyalty_service.app import service as compose
from loyalty_service.settings import Settings
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import text


@pytest.fixture(scope="session")
def service() -> Service:
    return compose(Settings(database_url="unused"))


@dataclass(frozen=True)
class Facts:
    """Events as the other services publish them, about one dealer group."""

    dealer_id: UUID = DEALER
    store_id: UUID = field(default_factory=uuid7)

    yesterday: datetime = field(default_factory=lambda: utc_now() - timedelta(days=1))

    @property
    def _told(self) -> dict[str, Any]:
        return {"dealer_id": self.dealer_id, "occurred_at": self.yesterday}

    def registered(self, customer_id: UUID, lead_id: UUID | None = None) -> CustomerRegistered:
        return CustomerRegistered(**self._told, store_id=self.store_id, customer_id=customer_id, lead_id=lead_id)

    def serviced(
        self, customer_id: UUID, amount_cents: int = 128_000, completed_at: datetime | None = None
    ) -> ServiceCompleted:
        return ServiceCompleted(
            **self._told,
            vehicle_id=uuid7(),
            customer_id=customer_id,
            store_id=self.store_id,
            visit_id=uuid7(),
            odometer_km=30_120,
            lines=(ServiceLine(code="engine_oil", description="机油更换", amount_cents=amount_cents),),
            amount_cents=amount_cents,
            completed_at=completed_at or self.yesterday,
        )

    def referred(self, lead_id: UUID, code: str) -> ReferralMade:
        return ReferralMade(**self._told, lead_id=lead_id, store_id=self.store_id, referral_code=code)

    def won(self, lead_id: UUID, vin: str, code: str | None = None, sale: int = 1) -> LeadWon:
        return LeadWon(
            **self._told,
            lead_id=lead_id,
            store_id=self.store_id,
            sale=sale,
            vin=vin,
            make="BYD",
            model="Seal",
            price_cents=19_980_000,
            sold_at=self.yesterday,
            channel="referral",
            referral_code=code,
        )

    def undone(self, won: LeadWon) -> LeadWonCancelled:
        return LeadWonCancelled(
            **self._told,
            lead_id=won.lead_id,
            store_id=self.store_id,
            sale=won.sale,
            won_event_id=won.id,
            reason="customer_withdrew",
            stage="negotiating",
            vin=won.vin,
            make=won.make,
            model=won.model,
            price_cents=won.price_cents,
            sold_at=won.sold_at,
            channel=won.channel,
        )

    def returned(self, registered: VehicleRegistered) -> VehicleReturned:
        return VehicleReturned(
            **self._told,
            vehicle_id=registered.vehicle_id,
            customer_id=registered.customer_id,
            store_id=self.store_id,
            vin=registered.vin,
            make=registered.make,
            model=registered.model,
            lead_id=registered.lead_id or uuid7(),
            sale=registered.sale,
            reason="customer_withdrew",
        )

    def vehicle(self, customer_id: UUID, vin: str, lead_id: UUID | None = None, sale: int = 1) -> VehicleRegistered:
        return VehicleRegistered(
            **self._told,
            vehicle_id=uuid7(),
            customer_id=customer_id,
            store_id=self.store_id,
            vin=vin,
            make="BYD",
            model="Seal",
            powertrain="electric",
            purchased_on=self.yesterday.date(),
            lead_id=lead_id,
            sale=sale,
        )

    def contact(self, party_id: UUID, phone: str | None, *, is_relay: bool = False) -> ContactChanged:
        return ContactChanged(
            **self._told, party_id=party_id, party_kind="customer", name="王伟", phone=phone, phone_is_relay=is_relay
        )


@pytest.fixture
def facts() -> Facts:
    return Facts()


@pytest.fixture
def facts_of() -> type[Facts]:
    """Facts of other dealer groups."""
    return Facts


@pytest.fixture
def set_policy(client: httpx.AsyncClient) -> Callable[..., Awaitable[None]]:
    """Replaces the dealer's rules."""

    async def replace(**document: Any) -> None:
        response = await client.put("/v1/policy", json=document)
        assert response.status_code == 200, response.text

    return replace


@pytest.fixture
def enrol(deliver: Callable[..., Awaitable[None]], facts: Facts) -> Callable[..., Awaitable[UUID]]:
    """Makes a member who holds points of one service per amount given."""

    async def make(*points: int) -> UUID:
        customer_id = uuid7()
        services = [facts.serviced(customer_id, amount_cents=each * 100) for each in points]
        await deliver(facts.registered(customer_id), *services)
        return customer_id

    return make


@pytest.fixture
def code_of(client: httpx.AsyncClient) -> Callable[[UUID], Awaitable[str]]:
    """Asks for a member's referral code."""

    async def ask(customer_id: UUID) -> str:
        response = await client.post(f"/v1/members/{customer_id}/referral-codes")
        assert response.status_code == 201, response.text
        return str(response.json()["code"])

    return ask


@pytest.fixture
def told(published: Callable[[], Awaitable[list[Event]]]) -> Callable[..., Awaitable[list[Any]]]:
    """Reads the published events of one type."""

    async def read(kind: type[Event]) -> list[Any]:
        return [event for event in await published() if isinstance(event, kind)]

    return read


_TOTALS = text("""
SELECT account, sum(points) FROM (
    SELECT source AS account, -points AS points FROM movement
    UNION ALL SELECT destination, points FROM movement
) side GROUP BY account
""")
_UNBALANCED_ENTRIES = text("""
SELECT e.id FROM ledger_entry e JOIN movement m ON m.dealer_id = e.dealer_id AND m.entry_id = e.id
GROUP BY e.dealer_id, e.id, e.points
HAVING e.points <> sum(m.points * CASE WHEN m.destination = 'member' THEN 1 WHEN m.source = 'member' THEN -1 END)
""")
_BROKEN_CHAINS = text("""
SELECT id FROM (
    SELECT id, balance, number, sum(points) OVER chain AS summed, row_number() OVER chain AS counted
    FROM ledger_entry WINDOW chain AS (PARTITION BY dealer_id, customer_id ORDER BY number)
) line WHERE balance <> summed OR number <> counted
""")
_WRONG_MEMBERS = text("""
SELECT m.customer_id FROM member m
WHERE m.balance <> (SELECT coalesce(sum(e.points), 0) FROM ledger_entry e
                    WHERE (e.dealer_id, e.customer_id) = (m.dealer_id, m.customer_id))
   OR m.balance <> (SELECT coalesce(sum(a.remaining), 0) FROM award a
                    WHERE (a.dealer_id, a.customer_id) = (m.dealer_id, m.customer_id))
   OR m.entries <> (SELECT count(*) FROM ledger_entry e
                    WHERE (e.dealer_id, e.customer_id) = (m.dealer_id, m.customer_id))
""")
_WRONG_AWARDS = text("""
SELECT a.id FROM award a
WHERE a.remaining <> (SELECT coalesce(sum(m.points * CASE WHEN m.destination = 'member' THEN 1 ELSE -1 END), 0)
                      FROM movement m WHERE (m.dealer_id, m.award_id) = (a.dealer_id, a.id))
""")


@pytest.fixture
def check_books(database: Database) -> Callable[[], Awaitable[dict[str, int]]]:
    """Proves from the rows alone that the books are right; returns each account's total.

    All accounts together sum to zero; every entry is what its movements did to the member; a
    member's entries are numbered without a gap and each balance is the sum so far; the kept
    balance and what is left of the awards are what the movements sum to.
    """

    async def check() -> dict[str, int]:
        async with database.engine.connect() as connection:
            for proof in (_UNBALANCED_ENTRIES, _BROKEN_CHAINS, _WRONG_MEMBERS, _WRONG_AWARDS):
                assert (await connection.execute(proof)).all() == []
            totals = {account: int(points) for account, points in await connection.execute(_TOTALS)}
        assert sum(totals.values()) == 0
        return totals

    return check


@pytest.fixture
def count_statements(database: Database) -> Callable[[], AbstractAsyncContextManager[list[str]]]:
    """Collects the SQL that is sent inside the block."""

    @contextmanager
    def listening(sent: list[str]) -> Iterator[None]:
        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        sqlalchemy_event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            sqlalchemy_event.remove(database.engine.sync_engine, "before_cursor_execute", note)

    @asynccontextmanager
    async def collect() -> AsyncIterator[list[str]]:
        sent: list[str] = []
        with listening(sent):
            yield sent

    return collect


@pytest.fixture
def in_flight(service: Service, database: Database) -> Callable[[Event], AbstractAsyncContextManager[None]]:
    """Applies an event in a transaction that stays open inside the block and commits at its end."""

    @asynccontextmanager
    async def deliver_slowly(event: Event) -> AsyncIterator[None]:
        applied, release = asyncio.Event(), asyncio.Event()

        @asynccontextmanager
        async def begin() -> AsyncIterator[Any]:
            async with database.begin() as session:
                yield session
                applied.set()
                await release.wait()

        consumer = Consumer(service.name, Subscriptions.of(service.subscriptions), begin)
        delivery = asyncio.create_task(consumer.process([record_of(event)]))
        done, _ = await asyncio.wait(
            [delivery, waiting := asyncio.create_task(applied.wait())], return_when=asyncio.FIRST_COMPLETED
        )
        waiting.cancel()
        assert delivery not in done
        yield
        release.set()
        await delivery

    return deliver_slowly
