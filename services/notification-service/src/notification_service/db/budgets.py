"""Contact budgets: what of each person's days is reserved and used."""

from collections.abc import Collection, Sequence

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from notification_service.db.tables import ContactBudget
from notification_service.domain.budget import Budget, BudgetKey, Move

_APPLY = text("""
UPDATE contact_budget AS b SET reserved = b.reserved + m.reserved, used = b.used + m.used
FROM unnest(
    CAST(:dealer_ids AS uuid[]), CAST(:person_ids AS uuid[]), CAST(:dates AS date[]),
    CAST(:reserved AS integer[]), CAST(:used AS integer[])
) AS m (dealer_id, person_id, on_date, reserved, used)
WHERE (b.dealer_id, b.person_id, b.on_date) = (m.dealer_id, m.person_id, m.on_date)
""")


async def lock(session: AsyncSession, keys: Collection[BudgetKey]) -> dict[BudgetKey, Budget]:
    """The budgets of these days, each row made where it was missing and locked until the transaction ends.

    In key order, so that senders who share persons wait for each other instead of deadlocking.
    """
    if not keys:
        return {}
    rows = [{**key._asdict(), "reserved": 0, "used": 0} for key in sorted(keys)]
    found = await session.execute(
        insert(ContactBudget)
        .values(rows)
        .on_conflict_do_update(
            index_elements=[ContactBudget.dealer_id, ContactBudget.person_id, ContactBudget.on_date],
            set_={"reserved": ContactBudget.reserved},
        )
        .returning(
            ContactBudget.dealer_id,
            ContactBudget.person_id,
            ContactBudget.on_date,
            ContactBudget.reserved,
            ContactBudget.used,
        )
    )
    return {BudgetKey(*row[:3]): Budget(*row[3:]) for row in found}


async def apply(session: AsyncSession, moves: Sequence[Move]) -> None:
    """Each move is added to its day's row, which is locked or made already."""
    if not moves:
        return
    await session.execute(
        _APPLY,
        {
            "dealer_ids": [m.key.dealer_id for m in moves],
            "person_ids": [m.key.person_id for m in moves],
            "dates": [m.key.on_date for m in moves],
            "reserved": [m.reserved for m in moves],
            "used": [m.used for m in moves],
        },
    )


async def find(session: AsyncSession, key: BudgetKey) -> Budget:
    """The day's budget as it stands; untouched where nothing was sent."""
    row = await session.get(ContactBudget, key)
    return Budget(row.reserved, row.used) if row else Budget()
