"""The points ledger: double entry in whole points.

A movement carries points out of one account into another in one value, so that what enters and
what leaves cannot differ: every entry sums to zero by construction. What a member holds is what
the movements into the member's account sum to, less what left it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty_service.domain.awards import AwardState
from loyalty_service.domain.errors import InsufficientPoints


class AccountKind(StrEnum):
    """The accounts of a programme. `MEMBER` is one account per member, the others one per dealer."""

    ISSUE = "issue"
    """What the programme gave away: its expense."""
    MEMBER = "member"
    REDEMPTION = "redemption"
    EXPIRY = "expiry"


class EntryKind(StrEnum):
    """Why points moved."""

    EARNED = "earned"
    REDEEMED = "redeemed"
    EXPIRED = "expired"
    REVERSED = "reversed"
    """Taken back, because what they were given for was undone."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member's standing in the ledger. `balance` is what can be spent; never negative."""

    dealer_id: UUID
    customer_id: UUID
    balance: int
    entries: int
    """Entries so far; the next one is number `entries + 1`."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of an award."""

    award_id: UUID
    remaining: int
    expires_at: datetime
    state: AwardState = AwardState.ACTIVE


@dataclass(frozen=True, slots=True)
class Movement:
    """Points (> 0) of one award that left `source` and entered `destination`."""

    award_id: UUID
    source: AccountKind
    destination: AccountKind
    points: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a member's statement, with the movements behind it."""

    id: UUID
    dealer_id: UUID
    customer_id: UUID
    number: int
    kind: EntryKind
    points: int
    """What it did to the balance; negative for points that left."""
    balance: int
    """After it."""
    reason: str
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What one entry did: the account after it and every lot it touched, after it."""

    account: Account
    entry: Entry
    lots: tuple[Lot, ...] = ()


def credit(account: Account, award_id: UUID, points: int, *, entry_id: UUID, reason: str) -> Posted:
    """Give the member the points (> 0) of one award."""
    movement = Movement(award_id, AccountKind.ISSUE, AccountKind.MEMBER, points)
    return _post(account, entry_id, EntryKind.EARNED, reason, (movement,))


def spend(account: Account, lots: Sequence[Lot], points: int, *, entry_id: UUID, reason: str) -> Posted:
    """Take `points` (> 0) out of the member's live lots, those that expire first before the others.

    Raises:
        InsufficientPoints: the lots hold fewer than `points`.
    """
    held = sum(lot.remaining for lot in lots)
    if points > held:
        raise InsufficientPoints(asked=points, held=held)
    taken = take_first_expiring(lots, points)
    movements = tuple(Movement(lot.award_id, AccountKind.MEMBER, AccountKind.REDEMPTION, part) for lot, part in taken)
    left = tuple(_less(lot, part, AwardState.SPENT) for lot, part in taken)
    return replace(_post(account, entry_id, EntryKind.REDEEMED, reason, movements), lots=left)


def expire(account: Account, lots: Sequence[Lot], *, entry_id: UUID) -> Posted:
    """End what is left of these lots (at least one, each with points left)."""
    movements = tuple(
        Movement(lot.award_id, AccountKind.MEMBER, AccountKind.EXPIRY, lot.remaining) for lot in in_order(lots)
    )
    ended = tuple(_less(lot, lot.remaining, AwardState.EXPIRED) for lot in in_order(lots))
    return replace(_post(account, entry_id, EntryKind.EXPIRED, "end of life", movements), lots=ended)


def take_back(account: Account, lots: Sequence[Lot], award_id: UUID, points: int, *, entry_id: UUID) -> Posted:
    """Take back an award's points (> 0): what is left of it, then of the member's other lots, first-expiring first.

    Points that were spent come out of others that the member holds; a balance never goes below zero. At least one
    lot has points left.
    """
    own = [lot for lot in lots if lot.award_id == award_id]
    others = [lot for lot in lots if lot.award_id != award_id]
    from_own = min(points, sum(lot.remaining for lot in own))
    taken = take_first_expiring(own, from_own) + take_first_expiring(others, points - from_own)
    movements = tuple(Movement(lot.award_id, AccountKind.MEMBER, AccountKind.ISSUE, part) for lot, part in taken)
    left = tuple(
        _less(lot, part, AwardState.REVERSED if lot.award_id == award_id else AwardState.SPENT) for lot, part in taken
    )
    return replace(_post(account, entry_id, EntryKind.REVERSED, "sale cancelled", movements), lots=left)


def take_first_expiring(lots: Sequence[Lot], points: int) -> list[tuple[Lot, int]]:
    """The lots that `points` come out of, first-expiring first, with each one's part (> 0)."""
    taken: list[tuple[Lot, int]] = []
    for lot in in_order(lots):
        part = min(lot.remaining, points)
        if part:
            taken.append((lot, part))
        points -= part
    return taken


def in_order(lots: Sequence[Lot]) -> list[Lot]:
    """The lots in the order in which they end; of one instant, the older award first."""
    return sorted(lots, key=lambda lot: (lot.expires_at, lot.award_id))


def _less(lot: Lot, points: int, when_empty: AwardState) -> Lot:
    remaining = lot.remaining - points
    return replace(lot, remaining=remaining, state=lot.state if remaining else when_empty)


def _post(account: Account, entry_id: UUID, kind: EntryKind, reason: str, movements: tuple[Movement, ...]) -> Posted:
    gained = sum(m.points for m in movements if m.destination is AccountKind.MEMBER)
    lost = sum(m.points for m in movements if m.source is AccountKind.MEMBER)
    after = replace(account, balance=account.balance + gained - lost, entries=account.entries + 1)
    entry = Entry(
        entry_id,
        account.dealer_id,
        account.customer_id,
        after.entries,
        kind,
        gained - lost,
        after.balance,
        reason,
        movements,
    )
    return Posted(after, entry)
