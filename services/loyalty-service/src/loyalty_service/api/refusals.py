"""Every refusal's status, in one table."""

from http import HTTPStatus

from loyalty_service.domain.errors import (
    InsufficientPoints,
    MemberNotFound,
    RewardNotFound,
    VoucherExpired,
    VoucherNotFound,
    VoucherRedeemed,
    VoucherVoid,
)

STATUS_OF: dict[type[Exception], HTTPStatus] = {
    MemberNotFound: HTTPStatus.NOT_FOUND,
    RewardNotFound: HTTPStatus.NOT_FOUND,
    VoucherNotFound: HTTPStatus.NOT_FOUND,
    InsufficientPoints: HTTPStatus.CONFLICT,
    VoucherRedeemed: HTTPStatus.CONFLICT,
    VoucherExpired: HTTPStatus.CONFLICT,
    VoucherVoid: HTTPStatus.CONFLICT,
}
