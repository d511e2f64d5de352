"""What is shown of members and asked of them."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from baoke_chassis.bodies import Body, Reply
from pydantic import ConfigDict, Field, model_validator

from loyalty_service.api.voucher_bodies import VoucherOut
from loyalty_service.commands.redeem_points import Redemption
from loyalty_service.domain.ledger import EntryKind
from loyalty_service.domain.policy import Tier


class ExpiringOut(Reply):
    """Points that end soon."""

    expires_on: date
    """The last day on which they can be spent."""
    points: int


class NextTierOut(Reply):
    """The tier above, and what is missing to it; each `missing_…` alone would do. `null`: it does not count."""

    name: Tier
    score: int
    missing_score: int
    missing_spend_cents: int | None
    missing_services: int | None
    missing_referrals: int | None


class TierProgressOut(Reply):
    """What counts for the tier, over the rolling window."""

    score: int
    spend_cents: int
    services: int
    referrals: int
    since: datetime


class MemberOut(Reply):
    """A member's standing."""

    customer_id: UUID
    balance: int
    """Points that can be spent."""
    pending: int
    """Points that are promised: referrals within their hold."""
    tier: Tier
    tier_progress: TierProgressOut
    next_tier: NextTierOut | None
    """`null` at the top."""
    expiring: list[ExpiringOut]
    enrolled_at: datetime


class AwardUsedOut(Reply):
    """The part of one award that an entry gave, spent or ended."""

    award_id: UUID
    rule: str
    source_event_id: UUID
    """The event the award was given for."""
    points: int


class EntryOut(Reply):
    """One line of the statement."""

    entry_id: UUID
    number: int
    """Counts the member's entries from 1, without a gap."""
    kind: EntryKind
    points: int
    """Negative for points that left."""
    balance: int
    """After this entry."""
    reason: str
    awards: list[AwardUsedOut]
    recorded_at: datetime
    recorded_by: str | None


class RedemptionIn(Body):
    """Either a reward of the programme, or points for something agreed at the desk."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"reward_id": "car_wash"},
                {"points": 500, "reason": "¥25 off visit 20260105-3"},
            ]
        }
    )

    reward_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    points: Annotated[int, Field(ge=1, le=10**12)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        named = self.model_dump(exclude_none=True).keys()
        if named not in ({"reward_id"}, {"points", "reason"}):
            raise ValueError("Send either reward_id, or points and reason.")
        return self


class PartUsedOut(Reply):
    """The part of one award that was spent."""

    award_id: UUID
    points: int


class RedemptionOut(Reply):
    """What was spent, of which awards, and the voucher it bought."""

    redemption_id: UUID
    points: int
    balance: int
    """After it."""
    used: list[PartUsedOut]
    voucher: VoucherOut | None

    @classmethod
    def of(cls, redemption: Redemption, *, on: date) -> Self:
        """The answer on a day of the dealer's calendar."""
        entry = redemption.entry
        return cls(
            redemption_id=entry.id,
            points=-entry.points,
            balance=entry.balance,
            used=[PartUsedOut(award_id=m.award_id, points=m.points) for m in entry.movements],
            voucher=VoucherOut.of(redemption.voucher, on=on) if redemption.voucher else None,
        )


class ReferralCodeOut(Reply):
    """A code to give to others."""

    code: str
