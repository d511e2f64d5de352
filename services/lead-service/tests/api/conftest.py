from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text


@pytest.fixture
def price_cut() -> dict[str, Any]:
    """A signal that a model costs ¥12,000 less."""
    return {
        "kind": "price_cut",
        "make": "BYD",
        "model": "Seal",
        "price_from_cents": 20_180_000,
        "price_to_cents": 18_980_000,
    }


@pytest.fixture
def signal(client, run_job):
    """Posts a signal, lets it be matched, and answers its id."""

    async def send(**body):
        response = await client.post("/v1/market-signals", json=body)
        assert response.status_code == 202, response.text
        await run_job("match-signals")
        return response.json()["signal_id"]

    return send


@pytest.fixture
def reached(client):
    """The leads that a signal approached or held out, each with its answer."""

    async def read(signal_id):
        items = (await client.get("/v1/reactivations", params={"signal_id": signal_id, "limit": 200})).json()["items"]
        return {UUID(item["lead_id"]): item for item in items}

    return read


@pytest.fixture
def pass_days(session):
    """Everything that happened to a lost lead so far happened that many days earlier."""

    async def pass_(days, lead_id):
        ago = f"make_interval(days => {days})"
        await session.execute(
            text(
                f"UPDATE defeat SET defeated_at = defeated_at - {ago}, last_attempt_at = last_attempt_at - {ago}"
                " WHERE lead_id = :lead_id"
            ),
            {"lead_id": lead_id},
        )
        await session.commit()

    return pass_
