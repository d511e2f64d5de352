"""Test drives as rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy import Select, Table, insert, literal, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.assignments import Change
from lead_service.db.lead_filter import visible
from lead_service.db.tables import TestDriveRow
from lead_service.domain.errors import DemoCarOnTheRoad, TestDriveNotFound
from lead_service.domain.lead import Lead
from lead_service.domain.stage import Stage
from lead_service.domain.test_drive import Licence, LicenceClass, TestDrive, TestDriveState

_DRIVE: Table = TestDriveRow.metadata.tables["test_drive"]

_OPEN = "state IN ('booked', 'started')"

_DEALERS_WITH_PAST = f"SELECT DISTINCT dealer_id FROM test_drive WHERE {_OPEN} AND starts_at < $1"

_FORGOTTEN = f"""
SELECT drive.dealer_id, drive.lead_id, drive.id
FROM test_drive AS drive JOIN unnest($2::uuid[], $3::interval[]) AS rule (dealer_id, grace) USING (dealer_id)
WHERE {_OPEN} AND starts_at < $1 AND starts_at + make_interval(mins => minutes) + grace < $1
ORDER BY starts_at LIMIT $4
"""

_END_FORGOTTEN = f"""
WITH ended AS (
    UPDATE test_drive SET state = CASE state WHEN 'booked' THEN 'no_show' ELSE 'completed' END, ended_at = $1,
        version = version + 1
    WHERE (dealer_id, id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[])) AND {_OPEN} AND starts_at < $1
    RETURNING *
), freed AS (
    DELETE FROM demo_car_slot WHERE (dealer_id, test_drive_id) IN (SELECT dealer_id, id FROM ended)
)
SELECT * FROM ended ORDER BY id
"""

_OTHER_OF_ADVISOR = f"""
SELECT 1 FROM test_drive
WHERE dealer_id = $1 AND advisor_id = $2 AND id <> $3 AND {_OPEN}
  AND starts_at > $4::timestamptz - interval '1 day' AND starts_at < $5
  AND starts_at + make_interval(mins => minutes) > $4
LIMIT 1
"""

_OPEN_OF_LEADS = f"""
SELECT DISTINCT ON (dealer_id, lead_id) dealer_id, lead_id, from_stage FROM test_drive
WHERE (dealer_id, lead_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[])) AND {_OPEN}
ORDER BY dealer_id, lead_id, id
"""

_HAND_OVER = """
UPDATE test_drive AS drive SET advisor_id = given.advisor_id, version = version + 1
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[]) AS given (dealer_id, lead_id, from_advisor_id, advisor_id)
WHERE drive.dealer_id = given.dealer_id AND drive.lead_id = given.lead_id AND state = 'booked'
  AND drive.advisor_id IS NOT DISTINCT FROM given.from_advisor_id
"""

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


class TestDriveSort(StrEnum):
    """The order of a list: booked last first, or to start first first."""

    __test__ = False

    BOOKED = "booked"
    STARTS = "starts"


@dataclass(frozen=True, slots=True)
class TestDriveFilter:
    """Which test drives of a dealer are asked for. `stores` are those the asker may see; None is all.

    With `seen_by` they are of this advisor's own leads and of the pool's.
    """

    dealer_id: UUID
    stores: Collection[UUID] | None = None
    lead_id: UUID | None = None
    demo_car_id: UUID | None = None
    store_id: UUID | None = None
    state: TestDriveState | None = None
    starts_since: datetime | None = None
    starts_until: datetime | None = None
    seen_by: UUID | None = None


async def add(session: AsyncSession, drive: TestDrive) -> None:
    """The test drive is on record."""
    await session.execute(insert(_DRIVE).values(**_row(drive)))


async def save(session: AsyncSession, drive: TestDrive) -> None:
    """The test drive is as it is here. It was locked by the caller.

    Raises:
        DemoCarOnTheRoad: it has begun, and so has another one in its car.
    """
    of = (_DRIVE.c.dealer_id == drive.dealer_id, _DRIVE.c.id == drive.id)
    try:
        await session.execute(update(_DRIVE).where(*of).values(**_row(drive)))
    except IntegrityError as error:
        raise DemoCarOnTheRoad(drive.demo_car_id) from error


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


async def page(
    session: AsyncSession, asked: TestDriveFilter, sort: TestDriveSort, *, after: Collection[Any] | None, limit: int
) -> list[TestDrive]:
    """Up to `limit` test drives in this order, behind what the page before ended with: an id, and a start before it."""
    query = select(_DRIVE).where(_DRIVE.c.dealer_id == asked.dealer_id)
    for name in ("lead_id", "demo_car_id", "store_id", "state"):
        if (value := getattr(asked, name)) is not None:
            query = query.where(_DRIVE.c[name] == value)
    if asked.stores is not None:
        query = query.where(_DRIVE.c.store_id.in_(asked.stores))
    if asked.seen_by is not None:
        query = query.where(visible(_DRIVE, asked.seen_by))
    if asked.starts_since is not None:
        query = query.where(_DRIVE.c.starts_at >= asked.starts_since)
    if asked.starts_until is not None:
        query = query.where(_DRIVE.c.starts_at < asked.starts_until)
    rows = await session.execute(_sorted_by(query, sort, after).limit(limit))
    return [_drive(row) for row in rows.mappings()]


async def hand_over(session: AsyncSession, changes: Sequence[Change]) -> None:
    """Who has a lead now goes along on what is booked for it, where who had it before was to."""
    if changes:
        leads = [change.lead for change in changes]
        whose = [change.from_advisor_id for change in changes], [lead.advisor_id for lead in leads]
        await fetch(session, _HAND_OVER, [lead.dealer_id for lead in leads], [lead.id for lead in leads], *whose)


async def cancel_booked(session: AsyncSession, dealer_id: UUID, lead_id: UUID, *, at: datetime) -> list[TestDrive]:
    """What is booked for the lead is cancelled, and keeps no car any more. Answers what that was, oldest first."""
    rows = await fetch(session, _CANCEL_BOOKED, dealer_id, lead_id, at)
    return [_drive(row) for row in rows]


async def open_of_leads(session: AsyncSession, leads: Collection[Lead]) -> dict[UUID, Stage]:
    """Those of the leads that have test drives to come, or under way: where the first of these found each."""
    rows = await fetch(session, _OPEN_OF_LEADS, [lead.dealer_id for lead in leads], [lead.id for lead in leads])
    return {row["lead_id"]: Stage(row["from_stage"]) for row in rows}


async def takes_advisor_twice(session: AsyncSession, drive: TestDrive) -> bool:
    """Whether who goes along is to go along on another test drive in the same time."""
    span = (drive.starts_at, drive.ends_at)
    return bool(await fetch(session, _OTHER_OF_ADVISOR, drive.dealer_id, drive.advisor_id, drive.id, *span))


async def dealers_with_past(session: AsyncSession, *, now: datetime) -> list[UUID]:
    """The dealers with open test drives whose time has come."""
    return [row["dealer_id"] for row in await fetch(session, _DEALERS_WITH_PAST, now)]


async def forgotten(
    session: AsyncSession, graces: Mapping[UUID, timedelta], *, now: datetime, limit: int
) -> list[tuple[UUID, UUID, UUID]]:
    """Dealer, lead and id of up to `limit` open test drives of these dealers that ended longer ago than their grace."""
    rows = await fetch(session, _FORGOTTEN, now, list(graces), list(graces.values()), limit)
    return [(row["dealer_id"], row["lead_id"], row["id"]) for row in rows]


async def end_forgotten(session: AsyncSession, keys: Collection[tuple[UUID, UUID]], *, at: datetime) -> list[TestDrive]:
    """Those of these (dealer, id) pairs that are open still are over, as no-shows, or completed if they had begun.

    They keep no car any more. Their leads were locked by the caller. Answers those that this ended, oldest first.
    """
    rows = await fetch(session, _END_FORGOTTEN, at, [dealer for dealer, _ in keys], [drive for _, drive in keys])
    return [_drive(row) for row in rows]


def _sorted_by(query: Select[Any], sort: TestDriveSort, after: Collection[Any] | None) -> Select[Any]:
    if sort is TestDriveSort.STARTS:
        key = (_DRIVE.c.starts_at, _DRIVE.c.id)
        query = query.order_by(*key)
        return query if after is None else query.where(tuple_(*key) > tuple_(*map(literal, after)))
    query = query.order_by(_DRIVE.c.id.desc())
    return query if after is None else query.where(_DRIVE.c.id < next(iter(after)))


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
        "from_stage": drive.from_stage,
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
        from_stage=Stage(row["from_stage"]),
        licence=licence,
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )
