"""Every refusal's status, in one table."""

from http import HTTPStatus

from service_reminder.api.plans import NotUtf8
from service_reminder.domain import errors

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    errors.VehicleNotFound: HTTPStatus.NOT_FOUND,
    NotUtf8: HTTPStatus.BAD_REQUEST,
    errors.PlanNotFound: HTTPStatus.NOT_FOUND,
    errors.PlanChangedMeanwhile: HTTPStatus.PRECONDITION_FAILED,
    errors.VisitNotFound: HTTPStatus.NOT_FOUND,
    errors.StageNotForward: HTTPStatus.CONFLICT,
    errors.QuoteMissing: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.VisitAlreadyCompleted: HTTPStatus.CONFLICT,
    errors.OdometerGoesBack: HTTPStatus.CONFLICT,
    errors.ImplausibleOdometer: HTTPStatus.CONFLICT,
    errors.AppointmentNotFound: HTTPStatus.NOT_FOUND,
    errors.AppointmentClosed: HTTPStatus.CONFLICT,
    errors.AppointmentOfAnotherVehicle: HTTPStatus.CONFLICT,
    errors.SlotNotOffered: HTTPStatus.CONFLICT,
    errors.SlotTaken: HTTPStatus.CONFLICT,
}
