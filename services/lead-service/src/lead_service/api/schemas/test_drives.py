"""Bodies and answers of demo cars and test drives."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from lead_service.api.schemas.fields import Note, Planned, Term
from lead_service.domain.demo_car import DemoCar
from lead_service.domain.test_drive import Licence, LicenceClass, TestDrive, TestDriveState

EXAMPLE_DAY = "2030-03-01"
_EXAMPLE_START = f"{EXAMPLE_DAY}T10:00:00+08:00"


def _in_one_word(plate: str) -> str:
    if len(plate.split()) != 1:
        raise ValueError("a plate has no blanks")
    return plate


Plate = Annotated[
    str,
    StringConstraints(min_length=1, max_length=12, to_upper=True, pattern=r"^[^\x00]*$"),
    AfterValidator(_in_one_word),
]
"""What stands on the car, without spaces."""

Minutes = Annotated[int, Field(ge=30, le=1440, multiple_of=30)]
"""A number of half hours."""


class DemoCarIn(Body):
    """A demo car as the store has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "store_id": "0199d3a0-0000-7000-8000-0000000000a1",
                    "make": "BYD",
                    "model": "Seal",
                    "trim": "Long Range",
                    "plate": "沪AD12345",
                }
            ]
        }
    )

    store_id: UUID
    make: Term
    model: Term
    trim: Term | None = None
    plate: Plate
    in_service: bool = True
    """One that is not takes no bookings; those it has stay."""

    def car(self, dealer_id: UUID, car_id: UUID) -> DemoCar:
        """The car that this describes."""
        return DemoCar(dealer_id=dealer_id, id=car_id, **self.model_dump())


class DemoCarOut(Reply):
    """A demo car."""

    demo_car_id: UUID
    store_id: UUID
    make: str
    model: str
    trim: str | None
    plate: str
    in_service: bool

    @classmethod
    def of(cls, car: DemoCar) -> Self:
        """The answer for one."""
        return cls(
            demo_car_id=car.id,
            store_id=car.store_id,
            make=car.make,
            model=car.model,
            trim=car.trim,
            plate=car.plate,
            in_service=car.in_service,
        )


class DemoCarSlotOut(Reply):
    """Half an hour of a demo car's day."""

    starts_at: datetime
    ends_at: datetime
    is_free: bool


class BookingIn(Body):
    """A demo car for a lead."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "demo_car_id": "0199d3a0-0000-7000-8000-0000000000c1",
                    "starts_at": _EXAMPLE_START,
                    "minutes": 60,
                }
            ]
        }
    )

    demo_car_id: UUID
    starts_at: Planned
    """The start of a slot from `GET /v1/demo-cars/{demo_car_id}/slots`."""
    minutes: Minutes | None = None
    """For as long as the policy says, where it is left out."""
    advisor_id: UUID | None = None
    """Who goes along, if not the lead's advisor."""
    note: Note | None = None


class BookingChangeIn(Body):
    """What changes of a booking; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"starts_at": _EXAMPLE_START}]})

    demo_car_id: UUID | None = None
    starts_at: Planned | None = None
    minutes: Minutes | None = None
    advisor_id: UUID | None = None
    """Who goes along."""
    note: Note | None = None


class LicenceBody(Body):
    """What was seen of the driver's licence. Its number is not asked for, and not kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"licence_class": "c1", "valid_until": "2034-05-31"}]})

    licence_class: LicenceClass
    """准驾车型"""
    valid_until: date

    def licence(self) -> Licence:
        """What was seen."""
        return Licence(self.licence_class, self.valid_until)


class LicenceOut(Reply):
    """What was seen of the driver's licence."""

    licence_class: LicenceClass
    valid_until: date


class TestDriveOut(Reply):
    """A test drive."""

    __test__ = False

    test_drive_id: UUID
    lead_id: UUID
    store_id: UUID
    demo_car_id: UUID
    state: TestDriveState
    starts_at: datetime
    ends_at: datetime
    """As booked."""
    minutes: int
    advisor_id: UUID | None
    note: str | None
    licence: LicenceOut | None
    booked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, drive: TestDrive) -> Self:
        """The answer for one."""
        return cls(
            test_drive_id=drive.id,
            lead_id=drive.lead_id,
            store_id=drive.store_id,
            demo_car_id=drive.demo_car_id,
            state=drive.state,
            starts_at=drive.starts_at,
            ends_at=drive.ends_at,
            minutes=drive.minutes,
            advisor_id=drive.advisor_id,
            note=drive.note,
            licence=LicenceOut.model_validate(drive.licence) if drive.licence else None,
            booked_at=drive.booked_at,
            started_at=drive.started_at,
            ended_at=drive.ended_at,
        )
