"""Every refusal's status, in one table."""

from http import HTTPStatus

from lead_service.adf import AdfRefused
from lead_service.domain.errors import (
    CancellationTooLate,
    LeadClosed,
    LeadNotFound,
    NextContactInThePast,
    NotWon,
    PersonHasOpenLead,
    ReferralKnown,
    SignalExpired,
    StageNotReachable,
    StoreNotNamed,
    Unreachable,
)

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    LeadNotFound: HTTPStatus.NOT_FOUND,
    LeadClosed: HTTPStatus.CONFLICT,
    StageNotReachable: HTTPStatus.CONFLICT,
    NextContactInThePast: HTTPStatus.CONFLICT,
    NotWon: HTTPStatus.CONFLICT,
    CancellationTooLate: HTTPStatus.CONFLICT,
    PersonHasOpenLead: HTTPStatus.CONFLICT,
    ReferralKnown: HTTPStatus.CONFLICT,
    SignalExpired: HTTPStatus.CONFLICT,
    StoreNotNamed: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unreachable: HTTPStatus.UNPROCESSABLE_ENTITY,
    AdfRefused: HTTPStatus.BAD_REQUEST,
}
