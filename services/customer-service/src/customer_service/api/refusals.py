"""Every refusal's status, in one table."""

from http import HTTPStatus

from customer_service.domain import errors

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    errors.CustomerNotFound: HTTPStatus.NOT_FOUND,
    errors.VehicleNotFound: HTTPStatus.NOT_FOUND,
    errors.ComplaintNotFound: HTTPStatus.NOT_FOUND,
    errors.VehicleBelongsToAnother: HTTPStatus.CONFLICT,
    errors.PurchaseInTheFuture: HTTPStatus.CONFLICT,
    errors.ComplaintIsResolved: HTTPStatus.CONFLICT,
}
