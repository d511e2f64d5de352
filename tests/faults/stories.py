"""What a dealer's day is made of, over HTTP. Each story is a chain of writes about people and cars nobody else has."""

import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from faults.caller import Caller, Refused
from faults.names import Names

LEADS = "/lead-service/v1/leads"
CUSTOMERS = "/customer-service/v1/customers"
READINGS = "/customer-service/v1/odometer-readings/batch"
VISITS = "/service-reminder/v1/visits"
MESSAGES = "/notification-service/v1/messages"
CAR = {"make": "宝马", "model": "X3"}
NOT_HEARD_OF_YET = frozenset({404})
"""Another service will know it in a moment."""

Story = Callable[[], Awaitable[None]]


class Stories:
    """Tells stories with names of its own, drawn by a seeded chance."""

    def __init__(self, caller: Caller, chance: random.Random, names: Names, hot_members: Sequence[str]) -> None:
        self._caller, self._chance, self._names, self._hot_members = caller, chance, names, hot_members
        self._told: tuple[tuple[Story, int], ...] = (
            (self.sell, 4),
            (self.lose, 3),
            (self.serve, 4),
            (self.spend, 6),
            (self.nag, 3),
        )

    async def tell_one(self) -> None:
        """One story, chosen by weight, from its beginning to its end."""
        stories, weights = zip(*self._told, strict=True)
        [story] = self._chance.choices(stories, weights)
        await story()

    async def sell(self) -> None:
        """A lead is captured, worked and won: it becomes a customer with a vehicle, who is a member."""
        lead = await self._capture()
        await self._work(lead, ["visited", "test_driven", "negotiating"])
        await self._win(lead)

    async def sell_at_once(self) -> str:
        """The shortest way from a lead to a vehicle; its chassis number."""
        return await self._win(await self._capture())

    async def lose(self) -> None:
        """A lead is captured and given up: it will get a greeting."""
        lead = await self._capture()
        await self._work(lead, ["visited"])
        await self._caller.write("defeat", lead, f"{LEADS}/{lead}/defeat", {"reason": "price"})

    async def serve(self) -> None:
        """A customer's car comes to the workshop and is paid for: points, thanks, and a place in the statistics."""
        customer = await self.register()
        vehicle = await self.own(customer)
        await self.visit(vehicle, yuan=self._chance.randint(1, 900))

    async def spend(self) -> None:
        """A member whom many serve at once spends points, or is refused for having too few."""
        member, name = self._chance.choice(self._hot_members), self._names.fresh()
        body = {"points": self._chance.randint(1, 40), "reason": name}
        try:
            await self._caller.write("redeem", name, f"/loyalty-service/v1/members/{member}/redemptions", body)
        except Refused as error:
            if "insufficient-points" not in str(error):
                raise

    async def nag(self) -> None:
        """Somebody is to be told five things on one day, of whom at most three may arrive."""
        customer = await self.register()
        for _ in range(5):
            await self.say(customer, self._chance.choice(["service", "marketing"]))

    async def register(self) -> str:
        """A new customer's id."""
        phone = self._names.phone()
        person = {"name": "顾客", "phone": phone, "email": f"{phone}@example.cn", "store_id": self._caller.store_id}
        answer = await self._caller.write("customer", f"+86{phone}", CUSTOMERS, person)
        return str(answer["customer_id"])

    async def own(self, customer: str) -> str:
        """The customer has a vehicle that was driven for a while; its id."""
        vin = self._names.vin()
        car = {"vin": vin, **CAR, "powertrain": "petrol", "purchased_on": "2026-01-01"}
        vehicle = await self._caller.write("vehicle", vin, f"{CUSTOMERS}/{customer}/vehicles", car)
        start = _now() - timedelta(days=9)
        readings = [
            {
                "vin": vin,
                "km": 9_000 + 40 * day,
                "read_at": (start + timedelta(days=day)).isoformat(),
                "source": "owner",
            }
            for day in range(8)
        ]
        for part in (readings[:5], readings[5:]):
            await self._caller.write("readings", self._names.fresh(), READINGS, part)
        return str(vehicle["vehicle_id"])

    async def visit(self, vehicle: str, *, yuan: int) -> None:
        """The vehicle is served for so much."""
        arrival = {"vehicle_id": vehicle, "store_id": self._caller.store_id}
        visit = await self._caller.write("visit", self._names.fresh(), VISITS, arrival, also=NOT_HEARD_OF_YET)
        url = f"{VISITS}/{visit['visit_id']}"
        await self._caller.write("progress", self._names.fresh(), f"{url}/progress", {"stage": "ready"})
        lines = [{"code": "labour", "description": "工时", "amount_cents": yuan * 100}]
        await self._caller.write(
            "complete", visit["visit_id"], f"{url}/complete", {"odometer_km": 9_500, "lines": lines}
        )

    async def say(self, customer: str, message_class: str) -> str:
        """A message to the customer is queued; its id."""
        name = self._names.fresh()
        words = {"title": "通知", "text": name}
        body = {"party_id": customer, "class": message_class, "template": "notice", "data": words}
        return str((await self._caller.write("message", name, MESSAGES, body))["message_id"])

    async def _capture(self) -> str:
        name, phone = self._names.fresh(), self._names.phone()
        body: dict[str, Any] = {
            "source": {"channel": "website", "source_id": name},
            "contact": {"name": "线索", "phone": phone, "email": f"{phone}@example.cn"},
            "interest": CAR,
            "store_id": self._caller.store_id,
        }
        return str((await self._caller.write("lead", name, LEADS, body))["lead_id"])

    async def _win(self, lead: str) -> str:
        vin = self._names.vin()
        sale = {"vin": vin, **CAR, "price_cents": 30_000_000, "sold_at": _now().isoformat()}
        await self._caller.write("win", lead, f"{LEADS}/{lead}/win", sale)
        return vin

    async def _work(self, lead: str, stages: Sequence[str]) -> None:
        contact = {"channel": "phone", "outcome": "reached"}
        await self._caller.write("contact", lead, f"{LEADS}/{lead}/contacts", contact)
        for stage in stages:
            await self._caller.write("stage", f"{lead}/{stage}", f"{LEADS}/{lead}/stage", {"stage": stage})


def _now() -> datetime:
    return datetime.now(UTC)
