import pytest
from sqlalchemy import text

TEN = "2030-03-01T10:00:00+08:00"


@pytest.fixture
def book(client, capture, demo_car_id):
    """Books the demo car for a new lead; answers the test drive."""

    async def book_(starts_at=TEN, **changes):
        lead_id = await capture()
        body = {"demo_car_id": demo_car_id, "starts_at": starts_at, **changes}
        response = await client.post(f"/v1/leads/{lead_id}/test-drives", json=body)
        assert response.status_code == 201, response.text
        return response.json()

    return book_


@pytest.fixture
def its_time_comes(session):
    """The test drive was booked for so many minutes ago; so were its half hours."""

    async def come(drive, *, minutes_ago=0):
        by = f"now() - interval '{minutes_ago} minutes' - timestamptz '{drive['starts_at']}'"
        for moved in (
            f"UPDATE test_drive SET starts_at = starts_at + ({by}) WHERE id = :id",
            f"UPDATE demo_car_slot SET starts_at = starts_at + ({by}) WHERE test_drive_id = :id",
        ):
            await session.execute(text(moved), {"id": drive["test_drive_id"]})
        await session.commit()

    return come
