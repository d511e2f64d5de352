"""Every refusal's status, in one table."""

from http import HTTPStatus

from service_reminder.domain import errors

STATUS_OF = {
    errors.VehicleNotFound: HTTPStatus.NOT_FOUND,
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
