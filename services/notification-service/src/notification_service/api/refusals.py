"""Every refusal's status, in one table."""

from http import HTTPStatus

from notification_service.domain.errors import (
    PartyNotFound,
    UnfitTemplateData,
    UnknownTemplate,
    UnknownUnsubscribeLink,
)

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    PartyNotFound: HTTPStatus.NOT_FOUND,
    UnknownTemplate: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnfitTemplateData: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownUnsubscribeLink: HTTPStatus.NOT_FOUND,
}
