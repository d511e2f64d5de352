"""Partners that send leads by webhook: who they are, how they sign, and what is kept of what they send."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from lead_service.domain.errors import SigningFixed
from lead_service.domain.mapping import FieldMapping
from lead_service.domain.source import PLATFORMS, Channel

MOST_SECRETS = 2
"""Secrets that are valid at once: the present one, and the one before while the partner changes over."""


@dataclass(frozen=True, slots=True)
class IntakePolicy:
    """What a dealer group decides about webhooks.

    `tolerance_s` is how far a sender's clock may be off. A delivery sent again within `deliveries_kept_hours`
    is answered as before. Payloads that could not be read hold personal data: they are kept for
    `rejections_kept_days`, `max_rejections` of a source at most; then its calls that cannot be read are refused for
    their sender to repeat. A secret that was replaced stays valid for `secret_overlap_hours`.

    Raises:
        ValueError: a number is outside its bounds.
    """

    tolerance_s: int = 300
    deliveries_kept_hours: int = 72
    rejections_kept_days: int = 14
    max_rejections: int = 1000
    secret_overlap_hours: int = 72

    def __post_init__(self) -> None:
        for name, least, most in (
            ("tolerance_s", 1, 3600),
            ("deliveries_kept_hours", 1, 720),
            ("rejections_kept_days", 1, 90),
            ("max_rejections", 0, 10_000),
            ("secret_overlap_hours", 0, 720),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} lies between {least} and {most}")

    @property
    def tolerance(self) -> timedelta:
        """How far a sender's clock may be off."""
        return timedelta(seconds=self.tolerance_s)


class Signing(StrEnum):
    """How a partner proves that it is the one."""

    STANDARD_WEBHOOKS = "standard_webhooks"
    """Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`."""
    HMAC_SHA256_HEX = "hmac_sha256_hex"
    """`X-Signature`: the hexadecimal HMAC-SHA256 of the body."""


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as it is kept, encrypted, and until when it is valid; without an end it is the present one."""

    sealed: str
    made_at: datetime
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class IntakeSource:
    """A partner that sends leads by webhook.

    `store_id` takes the leads whose payload names no store that the policy knows.
    """

    dealer_id: UUID
    id: UUID
    version: int
    name: str
    channel: Channel
    signing: Signing
    store_id: UUID | None
    is_enabled: bool
    mapping: FieldMapping
    mapping_version: int
    secrets: tuple[SealedSecret, ...]
    created_by: str
    created_at: datetime
    updated_at: datetime

    @property
    def system(self) -> str:
        """Whose the ids in its payloads are: a platform's own, or this source's."""
        return self.channel if self.channel in PLATFORMS else f"webhook:{self.id}"

    def agreed(self, signing: Signing) -> "IntakeSource":
        """The source, whose way of signing is as it was agreed on with the partner.

        Raises:
            SigningFixed: it is another, which its secrets do not serve.
        """
        if signing is not self.signing:
            raise SigningFixed(self.signing)
        return self

    def secrets_at(self, at: datetime) -> tuple[SealedSecret, ...]:
        """The secrets that are valid, the present one first."""
        return tuple(secret for secret in self.secrets if secret.valid_until is None or secret.valid_until > at)


def with_secret(source: IntakeSource, sealed: str, policy: IntakePolicy, *, at: datetime) -> IntakeSource:
    """The source with a new secret; the one it replaces stays valid for the policy's hours."""
    until = at + timedelta(hours=policy.secret_overlap_hours)
    kept = [replace(secret, valid_until=min(secret.valid_until or until, until)) for secret in source.secrets_at(at)]
    secrets = (SealedSecret(sealed, at), *kept)[:MOST_SECRETS]
    return replace(source, secrets=secrets, version=source.version + 1, updated_at=at)


@dataclass(frozen=True, slots=True)
class Wanting:
    """A lead of a payload that could not be taken: its place, and the problem as it was told. None: all of it."""

    index: int | None
    problem: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejection:
    """A payload of which leads could not be taken, as it came."""

    dealer_id: UUID
    id: UUID
    source_id: UUID
    mapping_version: int
    content_type: str
    body: bytes
    items: Sequence[Wanting]
    attempts: int
    received_at: datetime
    expires_at: datetime

    @property
    def indexes(self) -> frozenset[int] | None:
        """The places of the leads that are still wanting; None: the payload as a whole could not be read."""
        indexes = [item.index for item in self.items]
        return None if None in indexes else frozenset(index for index in indexes if index is not None)
