"""Test drives are booked, moved, held, and called off."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from baoke_chassis.access import Caller
from baoke_chassis.clock import utc_now
from baoke_chassis.etags import IfMatch, set_etag
from baoke_chassis.paging import Page, Paging
from baoke_chassis.routing import Router, Transaction
from fastapi import Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.api.callers import Reader, Worker
from lead_service.api.lead_query import Moment
from lead_service.api.reach import WithinReach, limited_to, require_within_reach, signed
from lead_service.api.schemas.test_drives import BookingChangeIn, BookingIn, LicenceBody, TestDriveOut
from lead_service.commands.book_test_drive import BookTestDrive, MoveTestDrive, book_test_drive, move_test_drive
from lead_service.commands.hold_test_drive import OneTestDrive, end_test_drive, start_test_drive
from lead_service.db import lead_reads
from lead_service.db import test_drives as db_drives
from lead_service.db.test_drives import TestDriveFilter, TestDriveSort
from lead_service.domain.test_drive import TestDrive, TestDriveState

router = Router(prefix="/v1", tags=["test drives"])

_NEWEST = TestDriveSort.BOOKED


async def require_drive_within_reach(test_drive_id: UUID, request: Request, session: Transaction) -> None:
    """Let those pass who may see the test drive's lead; for other advisors it is not there.

    Raises:
        TestDriveNotFound: the caller is an advisor, and the dealer has none like that.
        LeadNotFound: its lead is neither theirs nor in the pool.
    """
    caller = await signed(request, session)
    if await limited_to(session, caller) is not None:
        drive = await db_drives.find(session, caller.dealer_id, test_drive_id)
        await require_within_reach(drive.lead_id, request, session)


DriveWithinReach: Any = Depends(require_drive_within_reach)


@router.post("/leads/{lead_id}/test-drives", status_code=HTTPStatus.CREATED, dependencies=[WithinReach])
async def book(
    lead_id: UUID, body: BookingIn, caller: Worker, session: Transaction, response: Response
) -> TestDriveOut:
    """Book a demo car of the lead's store for its person. The lead is at `appointed` then, if it was not further.

    A half hour of a car is booked once, however many ask for it.
    """
    command = BookTestDrive(caller.dealer_id, lead_id, **body.model_dump(), stores=caller.stores)
    return _shown(response, await book_test_drive(session, command, now=utc_now()))


@router.get("/test-drives")
async def list_test_drives(
    caller: Reader,
    session: Transaction,
    paging: Annotated[Paging, Depends(Paging)],
    lead_id: UUID | None = None,
    demo_car_id: UUID | None = None,
    store_id: UUID | None = None,
    state: TestDriveState | None = None,
    starts_since: Annotated[Moment | None, Query()] = None,
    starts_until: Annotated[Moment | None, Query(description="up to, and without, this moment")] = None,
    sort: Annotated[TestDriveSort, Query(description="booked last first, or to start first first")] = _NEWEST,
) -> Page[TestDriveOut]:
    """Test drives of the stores that the caller may see; an advisor's of their own leads.

    Sorted by `starts`, with `starts_since` and `starts_until`, they are an agenda.
    """
    asked = TestDriveFilter(
        caller.dealer_id,
        caller.stores,
        lead_id,
        demo_car_id,
        store_id,
        state,
        starts_since,
        starts_until,
        seen_by=await limited_to(session, caller),
    )
    drives = await db_drives.page(session, asked, sort, after=_after(paging, sort), limit=paging.limit + 1)
    by_start = sort is TestDriveSort.STARTS
    page = paging.page(drives, cursor=lambda drive: [drive.starts_at, drive.id] if by_start else [drive.id])
    return page.showing(TestDriveOut.of)


@router.get("/test-drives/{test_drive_id}", dependencies=[DriveWithinReach])
async def show_test_drive(
    test_drive_id: UUID, caller: Reader, session: Transaction, response: Response
) -> TestDriveOut:
    """A test drive."""
    drive = await db_drives.find(session, caller.dealer_id, test_drive_id)
    await lead_reads.find(session, caller.dealer_id, drive.lead_id, stores=caller.stores)
    return _shown(response, drive)


@router.patch("/test-drives/{test_drive_id}", dependencies=[DriveWithinReach])
async def change_test_drive(
    test_drive_id: UUID,
    body: BookingChangeIn,
    caller: Worker,
    session: Transaction,
    response: Response,
    if_match: IfMatch,
) -> TestDriveOut:
    """Move a booked test drive to another time or car, or send somebody else along. What it leaves is free at once."""
    command = MoveTestDrive(caller.dealer_id, test_drive_id, **body.model_dump(), seen=if_match, stores=caller.stores)
    return _shown(response, await move_test_drive(session, command, now=utc_now()))


@router.delete("/test-drives/{test_drive_id}", status_code=HTTPStatus.NO_CONTENT, dependencies=[DriveWithinReach])
async def cancel_test_drive(test_drive_id: UUID, caller: Worker, session: Transaction, if_match: IfMatch) -> None:
    """Call a booked test drive off.

    The car is free. A lead that was at `appointed` for this one alone is where the booking found it.
    """
    which = OneTestDrive(caller.dealer_id, test_drive_id, if_match, caller.stores)
    await end_test_drive(session, which, TestDriveState.CANCELLED, now=utc_now())


@router.post("/test-drives/{test_drive_id}/start", summary="Start a test drive", dependencies=[DriveWithinReach])
async def begin_test_drive(
    test_drive_id: UUID, body: LicenceBody, caller: Worker, session: Transaction, response: Response
) -> TestDriveOut:
    """The person is here, and their licence was seen: it must be valid today, for a class that the policy admits.

    A drive starts half an hour before its time at the earliest, and once the car is back from the one before.
    """
    which = OneTestDrive(caller.dealer_id, test_drive_id, None, caller.stores)
    return _shown(response, await start_test_drive(session, which, body.licence(), now=utc_now()))


@router.post("/test-drives/{test_drive_id}/complete", dependencies=[DriveWithinReach])
async def complete_test_drive(
    test_drive_id: UUID, caller: Worker, session: Transaction, response: Response
) -> TestDriveOut:
    """The car is back and free, and the lead is at `test_driven`, if it was not further."""
    return _shown(response, await _ended(test_drive_id, TestDriveState.COMPLETED, caller, session))


@router.post("/test-drives/{test_drive_id}/no-show", dependencies=[DriveWithinReach])
async def miss_test_drive(
    test_drive_id: UUID, caller: Worker, session: Transaction, response: Response
) -> TestDriveOut:
    """Nobody came by the time it was booked for: the car is free, and the lead where a test drive called off puts it.

    Said of nobody, a booking is a no-show by itself a while after its end (policy: `forgotten_after_minutes`).
    """
    return _shown(response, await _ended(test_drive_id, TestDriveState.NO_SHOW, caller, session))


def _after(paging: Paging, sort: TestDriveSort) -> tuple[Any, ...] | None:
    """Where a list in this order goes on; None at its start.

    Raises:
        InvalidCursor: the cursor is of another list, or of another order.
    """
    if sort is TestDriveSort.STARTS:
        return paging.after_instant_and_id()
    last = paging.after_one(UUID)
    return None if last is None else (last,)


async def _ended(test_drive_id: UUID, as_: TestDriveState, caller: Caller, session: AsyncSession) -> TestDrive:
    which = OneTestDrive(caller.dealer_id, test_drive_id, None, caller.stores)
    return await end_test_drive(session, which, as_, now=utc_now())


def _shown(response: Response, drive: TestDrive) -> TestDriveOut:
    set_etag(response, drive.version)
    return TestDriveOut.of(drive)
