"""The ledger's rule, under any sequence of earning, spending and expiring."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from loyalty_service.domain.awards import AwardState
from loyalty_service.domain.errors import InsufficientPoints
from loyalty_service.domain.ledger import (
    Account,
    AccountKind,
    EntryKind,
    Lot,
    Posted,
    credit,
    expire,
    spend,
    take_first_expiring,
)

START = datetime(2026, 1, 5, tzinfo=UTC)
ACCOUNT = Account(UUID(int=1), UUID(int=2), balance=0, entries=0)


def lot(number: int, remaining: int, days: int) -> Lot:
    """A live lot that ends `days` after the start."""
    return Lot(UUID(int=number), remaining, START + timedelta(days=days))


@dataclass
class Book:
    """A member's account and lots as the database would keep them."""

    account: Account = ACCOUNT
    lots: dict[UUID, Lot] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)

    @property
    def live(self) -> list[Lot]:
        """Lots with something left."""
        return [lot for lot in self.lots.values() if lot.state is AwardState.ACTIVE]

    def save(self, posted: Posted) -> None:
        """Keep what was posted."""
        self.account = posted.account
        self.lots.update({lot.award_id: lot for lot in posted.lots})
        self.posted.append(posted)


class LedgerUnderAnyOrder(RuleBasedStateMachine):
    """Earn, spend and expire in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.now = START
        self.issued = 0

    @rule(points=st.integers(1, 5_000), days=st.integers(1, 40))
    def earn(self, points: int, days: int) -> None:
        self.issued += 1
        award = Lot(UUID(int=100 + self.issued), points, self.now + timedelta(days=days))
        self.book.lots[award.award_id] = award
        self.book.save(
            credit(self.book.account, award.award_id, points, entry_id=UUID(int=self.issued), reason="service")
        )

    @rule(points=st.integers(1, 6_000))
    def redeem(self, points: int) -> None:
        before = self.book.live
        held = self.book.account.balance
        if points > held:
            with pytest.raises(InsufficientPoints) as refusal:
                spend(self.book.account, before, points, entry_id=UUID(int=9), reason="car wash")
            assert (refusal.value.asked, refusal.value.held) == (points, held)
            return
        posted = spend(self.book.account, before, points, entry_id=UUID(int=9), reason="car wash")
        self.book.save(posted)
        used = {m.award_id for m in posted.entry.movements}
        emptied = {lot.award_id for lot in posted.lots if lot.remaining == 0}
        untouched = [lot.expires_at for lot in before if lot.award_id not in used]
        assert all(lot.expires_at <= first for lot in before if lot.award_id in used for first in untouched)
        assert len(used - emptied) <= 1

    @rule(days=st.integers(1, 20))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        due = [lot for lot in self.book.live if lot.expires_at <= self.now]
        if due:
            self.book.save(expire(self.book.account, due, entry_id=UUID(int=8)))

    @invariant()
    def balance_is_what_the_movements_sum_to(self) -> None:
        movements = [m for posted in self.book.posted for m in posted.entry.movements]
        gained = sum(m.points for m in movements if m.destination is AccountKind.MEMBER)
        lost = sum(m.points for m in movements if m.source is AccountKind.MEMBER)
        assert self.book.account.balance == gained - lost == sum(lot.remaining for lot in self.book.live)

    @invariant()
    def balance_is_never_negative(self) -> None:
        assert self.book.account.balance >= 0
        assert all(posted.entry.balance >= 0 for posted in self.book.posted)

    @invariant()
    def every_account_together_sums_to_zero(self) -> None:
        totals = dict.fromkeys(AccountKind, 0)
        for posted in self.book.posted:
            for movement in posted.entry.movements:
                assert movement.points > 0
                totals[movement.source] -= movement.points
                totals[movement.destination] += movement.points
        assert sum(totals.values()) == 0

    @invariant()
    def entries_are_numbered_without_a_gap_and_chain_their_balances(self) -> None:
        balance = 0
        for number, posted in enumerate(self.book.posted, start=1):
            balance += posted.entry.points
            assert (posted.entry.number, posted.entry.balance) == (number, balance)


TestLedgerUnderAnyOrder = LedgerUnderAnyOrder.TestCase


def test_the_lot_that_ends_first_is_spent_first() -> None:
    lots = [lot(1, 500, days=30), lot(2, 300, days=10), lot(3, 200, days=20)]

    assert take_first_expiring(lots, 450) == [(lots[1], 300), (lots[2], 150)]


def test_of_two_lots_that_end_together_the_older_award_is_spent_first() -> None:
    lots = [lot(2, 100, days=10), lot(1, 100, days=10)]

    assert take_first_expiring(lots, 50) == [(lots[1], 50)]


def test_spending_all_leaves_every_lot_spent() -> None:
    lots = [lot(1, 100, days=1), lot(2, 50, days=2)]
    account = Account(UUID(int=1), UUID(int=2), balance=150, entries=2)

    posted = spend(account, lots, 150, entry_id=UUID(int=3), reason="fuel card")

    assert posted.account == Account(UUID(int=1), UUID(int=2), balance=0, entries=3)
    assert posted.entry.kind is EntryKind.REDEEMED
    assert [(left.remaining, left.state) for left in posted.lots] == [(0, AwardState.SPENT), (0, AwardState.SPENT)]


def test_expiring_ends_only_what_was_left() -> None:
    account = Account(UUID(int=1), UUID(int=2), balance=70, entries=2)

    posted = expire(account, [lot(1, 70, days=1)], entry_id=UUID(int=3))

    assert (posted.entry.points, posted.entry.balance) == (-70, 0)
    assert posted.lots == (Lot(UUID(int=1), 0, START + timedelta(days=1), AwardState.EXPIRED),)
