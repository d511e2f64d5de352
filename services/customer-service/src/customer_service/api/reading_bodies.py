"""Odometer readings as they cross the wire: a batch is read item by item, so that a bad one spoils no other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from baoke_chassis.fields import Km
from baoke_chassis.problems import Problem, invalid, simple
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from customer_service.api.fields import NO_NUL, Instant
from customer_service.domain.odometer import Reason, Source
from customer_service.domain.readings import Outcome, Reading, Status
from customer_service.domain.vin import normal_vin


class ReadingIn(Body):
    """What an odometer showed, and when. The vehicle is named by its id or its VIN."""

    vin: Annotated[str, StringConstraints(max_length=40, pattern=NO_NUL), AfterValidator(normal_vin)] | None = None
    vehicle_id: UUID | None = None
    km: Km
    read_at: Instant
    source: Source

    @model_validator(mode="after")
    def _names_one_vehicle(self) -> Self:
        if (self.vin is None) == (self.vehicle_id is None):
            raise ValueError("Name the vehicle by either its vin or its vehicle_id.")
        return self


ReadingOrNot = Annotated[ReadingIn | Any, Field(union_mode="left_to_right")]
"""A reading, or whatever stands in its place: that gets its problem, and the other items of the batch are taken."""

EXAMPLE = [
    {"vin": "LSVAU218XN2183294", "km": 29_150, "read_at": "2026-05-01T08:00:00Z", "source": "telematics"},
    {"vin": "LSVAU218XN2183294", "km": 29_240, "read_at": "2026-05-02T08:00:00Z", "source": "telematics"},
]


class ReadingResult(Reply):
    """What became of one item."""

    index: int
    status: Literal["accepted", "repeated", "quarantined", "rejected"]
    reason: Reason | None = None
    """Why it is in quarantine."""
    problem: Problem | None = None
    """Why it was rejected."""


class ReadingResults(Reply):
    """One result for each item, in their order."""

    results: list[ReadingResult]


class KeptReading(Reply):
    """A reading as it came, and what was decided about it."""

    km: int
    read_at: datetime
    source: Source
    status: Literal["accepted", "quarantined"]
    reason: Reason | None
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of a batch by their place: those that are well-formed, and the problems of the others."""

    good: Mapping[int, ReadingIn]
    bad: Mapping[int, Problem]

    def readings(self, dealer_id: UUID, vehicle_of: Mapping[str, UUID]) -> dict[int, Reading]:
        """Return the readings of those good items whose vehicle has an id here."""
        ids = {index: item.vehicle_id or vehicle_of.get(item.vin or "") for index, item in self.good.items()}
        return {
            index: Reading(dealer_id, vehicle_id, item.read_at, item.km, item.source)
            for index, item in self.good.items()
            if (vehicle_id := ids[index])
        }


def read_batch(items: Sequence[ReadingIn | Any]) -> Batch:
    """Return the items that were read as readings, and what is wrong with the others."""
    good = {index: item for index, item in enumerate(items) if isinstance(item, ReadingIn)}
    return Batch(good, {index: _problem_of(item) for index, item in enumerate(items) if index not in good})


def _problem_of(item: Any) -> Problem:
    """Return why an item is no reading."""
    try:
        ReadingIn.model_validate(item)
    except ValidationError as error:
        return invalid(error, item)
    raise AssertionError("an item that fits the schema was read as a reading")


def results_of(batch: Batch, outcomes: Mapping[int, Outcome]) -> ReadingResults:
    """Return each item's result, in their order."""
    unknown = Outcome(Status.UNKNOWN_VEHICLE)
    results = [ReadingResult(index=index, status="rejected", problem=problem) for index, problem in batch.bad.items()]
    results += [_result_of(index, outcomes.get(index, unknown)) for index in batch.good]
    return ReadingResults(results=sorted(results, key=lambda result: result.index))


def _result_of(index: int, outcome: Outcome) -> ReadingResult:
    if outcome.status is Status.UNKNOWN_VEHICLE:
        problem = simple(HTTPStatus.NOT_FOUND, "vehicle-not-found", "There is no such vehicle")
        return ReadingResult(index=index, status="rejected", problem=problem)
    return ReadingResult(index=index, status=outcome.status.value, reason=outcome.reason)
