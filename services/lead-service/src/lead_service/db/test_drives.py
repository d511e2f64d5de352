"""Test drives as rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import TestDriveRow
from lead_service.domain.errors import TestDriveNotFound
from lead_service.domain.test_drive import Licence, LicenceClass, TestDrive, TestDriveState

_DRIVE: Table = TestDriveRow.metadata.tables["test_drive"]

_CANCEL_BOOKED = """
WITH cancelled AS (
    UPDATE test_drive SET state = 'cancelled', ended_at = $3, version = version + 1
    WHERE dealer_id = $1 AND lead_id = $2 AND state = 'booked'
    RETURNING *
), freed AS (
    DELETE FROM demo_car_slot WHERE dealer_id = $1 AND test_drive_id IN (SELECT id FROM cancelled)
)
SELECT * FROM cancelled ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class TestDriveFilter:
    """Which test drives of a dealer are asked for. `stores` are those the asker may see; None is all."""

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    lead_id: UUID | None = None
    demo_car_id: UUID | None = None
    store_id: UUID | None = None
    state: TestDriveState | None = None


async def add(session: AsyncSession, drive: TestDrive) -> None:
    """The test drive is on record."""
    await session.execute(insert(_DRIVE).values(**_row(drive)))


async def save(session: AsyncSession, drive: TestDrive) -> None:
    """The test drive is as it is here. It was locked by the caller."""
    of = (_DRIVE.c.dealer_id == drive.dealer_id, _DRIVE.c.id == drive.id)
    await session.execute(update(_DRIVE).where(*of).values(**_row(drive)))


async def find(session: AsyncSession, dealer_id: UUID, drive_id: UUID, *, lock: bool = False) -> TestDrive:
    """The test drive; with `lock` it is kept for the caller until the commit.

    Raises:
        TestDriveNotFound: the dealer has none like that.
    """
    query = select(_DRIVE).where(_DRIVE.c.dealer_id == dealer_id, _DRIVE.c.id == drive_id)
    row = (await session.execute(query.with_for_update() if lock else query)).mappings().one_or_none()
    if row is None:
        raise TestDriveNotFound(drive_id)
    return _drive(row)


async def page(session: AsyncSession, asked: TestDriveFilter, *, before: UUID | None, limit: int) -> list[TestDrive]:
    """Up to `limit` test drives, booked last first, that were booked before the one `before`."""
    query = select(_DRIVE).where(_DRIVE.c.dealer_id == asked.dealer_id)
    for name in ("lead_id", "demo_car_id", "store_id", "state"):
        if (value := getattr(asked, name)) is not None:
            query = query.where(_DRIVE.c[name] == value)
    if asked.stores is not None:
        query = query.where(_DRIVE.c.store_id.in_(asked.stores))
    if before is not None:
        query = query.where(_DRIVE.c.id < before)
    rows = await session.execute(query.order_by(_DRIVE.c.id.desc()).limit(limit))
    return [_drive(row) for row in rows.mappings()]


async def cancel_booked(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, at: datetime) -> list[TestDrive]:
    """What is booked for the lead is cancelled, and keeps no car any more. Answers what that was, oldest first."""
    rows = await fetch(session, _CANCEL_BOOKED, dealer_id, lead_id, at)
    return [_drive(row) for row in rows]


async def open_of_lead(session: AsyncSession, dealer_id: UUID, lead_id: UUID) -> int:
    """How many test drives of the lead are still to come, or under way."""
    query = select(func.count()).where(
        _DRIVE.c.dealer_id == dealer_id,
        _DRIVE.c.lead_id == lead_id,
        _DRIVE.c.state.in_([TestDriveState.BOOKED, TestDriveState.STARTED]),
    )
    return int((await session.execute(query)).scalar_one())


def _row(drive: TestDrive) -> dict[str, Any]:
    licence = drive.licence
    return {
        "dealer_id": drive.dealer_id,
        "id": drive.id,
        "lead_id": drive.lead_id,
        "store_id": drive.store_id,
        "demo_car_id": drive.demo_car_id,
        "state": drive.state,
        "starts_at": drive.starts_at,
        "minutes": drive.minutes,
        "advisor_id": drive.advisor_id,
        "note": drive.note,
        "licence_class": licence.licence_class if licence else None,
        "licence_valid_until": licence.valid_until if licence else None,
        "started_at": drive.started_at,
        "ended_at": drive.ended_at,
        "booked_at": drive.booked_at,
        "version": drive.version,
    }


def _drive(row: Any) -> TestDrive:
    licence = Licence(LicenceClass(row["licence_class"]), row["licence_valid_until"]) if row["licence_class"] else None
    return TestDrive(
        dealer_id=row["dealer_id"],
        id=row["id"],
        lead_id=row["lead_id"],
        store_id=row["store_id"],
        demo_car_id=row["demo_car_id"],
        state=TestDriveState(row["state"]),
        starts_at=row["starts_at"],
        minutes=row["minutes"],
        advisor_id=row["advisor_id"],
        note=row["note"],
        booked_at=row["booked_at"],
        licence=licence,
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )
