from typing import Any

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
