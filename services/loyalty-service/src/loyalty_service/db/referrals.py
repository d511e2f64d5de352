"""Referrals and the story each belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from baoke_events.origin import Origin
from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from loyalty_service.db.rows import Key, insertion, keyed, unnested, whole
from loyalty_service.db.tables import Party, Purchase
from loyalty_service.db.tables import Referral as ReferralRow
from loyalty_service.domain.referrals import Referral, ReferralState, Terms, VoidReason
from loyalty_service.domain.vouchers import Worth

_CHANGING = (
    "state",
    "void_reason",
    "referee_id",
    "qualified_at",
    "pay_at",
    "paid_at",
    "voided_at",
    "reward_source_id",
)
_UNDECIDED = (ReferralRow.state == ReferralState.CREATED) | (ReferralRow.void_reason == VoidReason.SALE_CANCELLED)
_STORY = ("causation_id", "correlation_id", "traceparent")


@dataclass(frozen=True, slots=True)
class Told:
    """A referral with the origin of what last moved it."""

    referral: Referral
    origin: Origin


@dataclass(frozen=True, slots=True)
class ReferralFilter:
    """A dealer's referrals, narrowed by what is not None."""

    dealer_id: UUID
    state: ReferralState | None = None
    referrer_id: UUID | None = None
    lead_id: UUID | None = None


async def add(session: AsyncSession, told: Sequence[Told]) -> list[Told]:
    """Keep the referrals; return those whose lead had none before, in the order given."""
    if not told:
        return []
    statement = (
        insertion(ReferralRow, [_row(one) for one in told])
        .on_conflict_do_nothing(index_elements=["dealer_id", "lead_id"])
        .returning(ReferralRow.id)
    )
    new = set(await session.scalars(statement))
    return [one for one in told if one.referral.id in new]


async def save(session: AsyncSession, told: Sequence[Told]) -> None:
    """Keep where locked referrals are now."""
    if not told:
        return
    new = unnested(ReferralRow, [_row(one) for one in told])
    await session.execute(
        update(ReferralRow)
        .where(ReferralRow.dealer_id == new.c.dealer_id, ReferralRow.id == new.c.id)
        .values({name: new.c[name] for name in (*_CHANGING, *_STORY)})
        .execution_options(synchronize_session=False)
    )


async def lock_undecided(session: AsyncSession, leads: Iterable[Key]) -> list[Referral]:
    """The referrals of these leads that are not decided yet, locked in order of their ids.

    One whose sale was undone is decided again by another sale.
    """
    return await _lock(session, leads, _UNDECIDED)


async def lock_rewarded(session: AsyncSession, leads: Iterable[Key]) -> list[Referral]:
    """The referrals of these leads whose rewards are promised or given, locked in order of their ids."""
    return await _lock(session, leads, ReferralRow.state.in_((ReferralState.HELD, ReferralState.PAID)))


async def _lock(session: AsyncSession, leads: Iterable[Key], chosen: ColumnElement[bool]) -> list[Referral]:
    wanted = set(leads)
    if not wanted:
        return []
    given = keyed(ReferralRow, "lead_id", wanted)
    rows = await session.execute(
        whole(ReferralRow)
        .join(given, (ReferralRow.dealer_id == given.c.dealer_id) & (ReferralRow.lead_id == given.c.lead_id))
        .where(chosen)
        .order_by(ReferralRow.id)
        .with_for_update(of=ReferralRow)
    )
    return [_referral(row) for row in rows]


async def lock_due(session: AsyncSession, *, now: datetime, limit: int) -> list[Told]:
    """Held referrals whose time has come, locked; those that others hold are left to them."""
    due = (
        whole(ReferralRow)
        .where(ReferralRow.state == ReferralState.HELD, ReferralRow.pay_at <= now)
        .order_by(ReferralRow.pay_at, ReferralRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [
        Told(_referral(row), Origin(row.causation_id, row.correlation_id, row.traceparent))
        for row in await session.execute(due)
    ]


async def leads_touched_by(session: AsyncSession, parties: Iterable[Key]) -> list[tuple[Key, Key]]:
    """(lead, party) of every undecided referral in which a party is the lead, the referrer or the referee."""
    wanted = set(parties)
    if not wanted:
        return []
    given = keyed(Party, "party_id", wanted)
    sides = [
        select(ReferralRow.dealer_id, ReferralRow.lead_id, given.c.party_id)
        .join(given, (ReferralRow.dealer_id == given.c.dealer_id) & (side == given.c.party_id))
        .where(_UNDECIDED)
        for side in (ReferralRow.lead_id, ReferralRow.referrer_id)
    ]
    bought = select(Purchase.dealer_id, Purchase.lead_id, given.c.party_id).join(
        given, (Purchase.dealer_id == given.c.dealer_id) & (Purchase.customer_id == given.c.party_id)
    )
    rows = await session.execute(bought.union(*sides))
    return [((row.dealer_id, row.lead_id), (row.dealer_id, row.party_id)) for row in rows]


async def page(session: AsyncSession, asked: ReferralFilter, *, below: UUID | None, limit: int) -> list[Referral]:
    """Up to `limit` of the referrals asked for with an id under `below`, newest first."""
    chosen = whole(ReferralRow).where(ReferralRow.dealer_id == asked.dealer_id)
    if asked.state is not None:
        chosen = chosen.where(ReferralRow.state == asked.state)
    if asked.referrer_id is not None:
        chosen = chosen.where(ReferralRow.referrer_id == asked.referrer_id)
    if asked.lead_id is not None:
        chosen = chosen.where(ReferralRow.lead_id == asked.lead_id)
    if below is not None:
        chosen = chosen.where(ReferralRow.id < below)
    return [_referral(row) for row in await session.execute(chosen.order_by(ReferralRow.id.desc()).limit(limit))]


def _row(told: Told) -> Mapping[str, Any]:
    referral, origin = told.referral, told.origin
    return {
        "dealer_id": referral.dealer_id,
        "id": referral.id,
        "lead_id": referral.lead_id,
        "source_event_id": referral.source_event_id,
        "code": referral.code,
        "referrer_id": referral.referrer_id,
        "points": referral.terms.points,
        "voucher_kind": referral.terms.voucher.kind,
        "voucher_value_cents": referral.terms.voucher.value_cents,
        "currency": referral.terms.voucher.currency,
        "made_at": referral.made_at,
        **{name: getattr(referral, name) for name in _CHANGING},
        **{name: getattr(origin, name) for name in _STORY},
    }


def _referral(row: Row[Any]) -> Referral:
    return Referral(
        id=row.id,
        dealer_id=row.dealer_id,
        lead_id=row.lead_id,
        source_event_id=row.source_event_id,
        code=row.code,
        referrer_id=row.referrer_id,
        terms=Terms(row.points, Worth(row.voucher_kind, row.voucher_value_cents, row.currency)),
        state=ReferralState(row.state),
        made_at=row.made_at,
        void_reason=VoidReason(row.void_reason) if row.void_reason else None,
        referee_id=row.referee_id,
        qualified_at=row.qualified_at,
        pay_at=row.pay_at,
        paid_at=row.paid_at,
        voided_at=row.voided_at,
        reward_source_id=row.reward_source_id,
    )
