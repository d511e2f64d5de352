"""Every refusal's status, in one table."""

from http import HTTPStatus

from lead_service.adf import AdfRefused
from lead_service.domain.errors import (
    CancellationTooLate,
    ContactOverdue,
    IntakeSourceNotFound,
    IntakeSourceOff,
    LeadClosed,
    LeadNotFound,
    LibraryFull,
    NextContactInThePast,
    NextContactTooFar,
    NotWon,
    PayloadUnreadable,
    PersonHasOpenLead,
    ReferralKnown,
    ScriptNotFound,
    SignalExpired,
    SignatureRefused,
    SigningFixed,
    StageNotReachable,
    StoreNotNamed,
    Unreachable,
)

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    LeadNotFound: HTTPStatus.NOT_FOUND,
    LeadClosed: HTTPStatus.CONFLICT,
    StageNotReachable: HTTPStatus.CONFLICT,
    NextContactInThePast: HTTPStatus.CONFLICT,
    NextContactTooFar: HTTPStatus.CONFLICT,
    ContactOverdue: HTTPStatus.CONFLICT,
    ScriptNotFound: HTTPStatus.NOT_FOUND,
    LibraryFull: HTTPStatus.CONFLICT,
    SignatureRefused: HTTPStatus.UNAUTHORIZED,
    IntakeSourceOff: HTTPStatus.FORBIDDEN,
    IntakeSourceNotFound: HTTPStatus.NOT_FOUND,
    SigningFixed: HTTPStatus.CONFLICT,
    PayloadUnreadable: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotWon: HTTPStatus.CONFLICT,
    CancellationTooLate: HTTPStatus.CONFLICT,
    PersonHasOpenLead: HTTPStatus.CONFLICT,
    ReferralKnown: HTTPStatus.CONFLICT,
    SignalExpired: HTTPStatus.CONFLICT,
    StoreNotNamed: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unreachable: HTTPStatus.UNPROCESSABLE_ENTITY,
    AdfRefused: HTTPStatus.BAD_REQUEST,
}
