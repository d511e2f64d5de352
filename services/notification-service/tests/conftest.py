"""The service under test, and people to write to."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from baoke_chassis.clock import utc_now
from baoke_chassis.service import Service
from baoke_chassis.testing import DEALER
from baoke_events import Consent, ContactChanged
from baoke_events.ids import uuid7
from notification_service.app import service as compose
from notification_service.settings import Settings


@pytest.fixture(scope="session")
def service() -> Service:
    return compose(Settings(database_url="unused", local_outbox=True))


@pytest.fixture
def noon() -> datetime:
    """A noon in Shanghai that is an hour away at least: nothing that is due now waits for the morning then."""
    soon = utc_now() + timedelta(hours=1)
    at = soon.astimezone(UTC).replace(hour=4, minute=0, second=0, microsecond=0)
    return at if at > soon else at + timedelta(days=1)


@pytest.fixture
def contact() -> Callable[..., ContactChanged]:
    """Makes the word of how to reach somebody; by default by SMS and e-mail, for everything."""

    def make(party_id: UUID, **changes: Any) -> ContactChanged:
        everything = [
            Consent(purpose=purpose, channel=channel, granted=True)
            for purpose in ("service", "marketing")
            for channel in ("sms", "email")
        ]
        fields: dict[str, Any] = {
            "party_kind": "customer",
            "name": "李雷",
            "phone": "+8613800138000",
            "email": "lilei@example.com",
            "sequence": 1,
            "consents": everything,
        }
        return ContactChanged(
            **{"dealer_id": DEALER, "occurred_at": utc_now(), "party_id": party_id, **fields, **changes}
        )

    return make


@pytest.fixture
def introduce(
    deliver: Callable[..., Awaitable[None]], contact: Callable[..., ContactChanged]
) -> Callable[..., Awaitable[UUID]]:
    """Makes somebody known to the service; returns their party id."""

    async def introduce_party(party_id: UUID | None = None, **changes: Any) -> UUID:
        known = party_id or uuid7()
        await deliver(contact(known, **changes))
        return known

    return introduce_party


@pytest.fixture
async def no_quiet_hours(client: httpx.AsyncClient) -> None:
    """The dealer sends at any hour, so that a test does not depend on when it runs."""
    answer = await client.put("/v1/policy", json={"quiet_hours": None})
    assert answer.status_code == 200, answer.text


@pytest.fixture
def send(client: httpx.AsyncClient) -> Callable[..., Awaitable[UUID]]:
    """Asks the service to say something over HTTP; returns the message's id."""

    async def ask(party_id: UUID, message_class: str = "marketing", **changes: Any) -> UUID:
        body = {
            "party_id": str(party_id),
            "class": message_class,
            "template": "notice",
            "data": {"title": "周末活动", "text": "周六到店有礼。"},
        }
        answer = await client.post("/v1/messages", json={**body, **changes})
        assert answer.status_code == 202, answer.text
        return UUID(answer.json()["message_id"])

    return ask


@pytest.fixture
def messages_of(client: httpx.AsyncClient) -> Callable[..., Awaitable[list[dict[str, Any]]]]:
    """What `GET /v1/messages` shows for a party, newest first."""

    async def read(party_id: UUID) -> list[dict[str, Any]]:
        answer = await client.get("/v1/messages", params={"party_id": str(party_id), "limit": 200})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    return read
