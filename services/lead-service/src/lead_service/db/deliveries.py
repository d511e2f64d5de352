"""Webhook calls that were taken, and payloads that could not be read."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, Table, delete, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from lead_service.db.tables import IntakeDeliveryRow, IntakeRejectionRow
from lead_service.domain.intake import Rejection, Wanting

_DELIVERY: Table = IntakeDeliveryRow.metadata.tables["intake_delivery"]
_REJECTION: Table = IntakeRejectionRow.metadata.tables["intake_rejection"]

_FORGET_DELIVERIES = text("""
DELETE FROM intake_delivery WHERE (dealer_id, source_id, delivery_id) IN (
    SELECT dealer_id, source_id, delivery_id FROM intake_delivery WHERE received_at < :before
    ORDER BY received_at LIMIT :limit FOR UPDATE SKIP LOCKED
)
""")
_FORGET_REJECTIONS = text("""
DELETE FROM intake_rejection WHERE (dealer_id, id) IN (
    SELECT dealer_id, id FROM intake_rejection WHERE expires_at <= :now
    ORDER BY expires_at LIMIT :limit FOR UPDATE SKIP LOCKED
)
""")

Results = list[dict[str, Any]]
DeliveryKey = tuple[UUID, UUID, str]
"""Dealer, source and the sender's id of a call."""


async def claim(session: AsyncSession, key: DeliveryKey, *, since: datetime, now: datetime) -> Results | None:
    """The call is on record. Answers None for a new one, and what was answered where it came after `since` already.

    Waits for a transaction that is just taking the same call.
    """
    dealer_id, source_id, delivery_id = key
    values = {"dealer_id": dealer_id, "source_id": source_id, "delivery_id": delivery_id, "received_at": now}
    claimed = await session.execute(
        insert(_DELIVERY)
        .values(**values, results=[])
        .on_conflict_do_update(
            index_elements=["dealer_id", "source_id", "delivery_id"],
            set_={"received_at": now, "results": []},
            where=_DELIVERY.c.received_at < since,
        )
        .returning(_DELIVERY.c.received_at)
    )
    if claimed.one_or_none() is not None:
        return None
    found: Results = (await session.execute(select(_DELIVERY.c.results).where(*_is(key)))).scalar_one()
    return found


async def answer(session: AsyncSession, key: DeliveryKey, results: Results) -> None:
    """What the call was answered is on record."""
    await session.execute(update(_DELIVERY).where(*_is(key)).values(results=results))


async def reject(session: AsyncSession, rejection: Rejection, *, most: int) -> bool:
    """The payload is kept, unless `most` of the source's are kept already. Answers whether it is."""
    of_source = (_REJECTION.c.dealer_id == rejection.dealer_id) & (_REJECTION.c.source_id == rejection.source_id)
    held = await session.scalar(select(func.count()).select_from(_REJECTION).where(of_source))
    if (held or 0) >= most:
        return False
    await session.execute(insert(_REJECTION).values(_row(rejection)))
    return True


async def rejections(
    session: AsyncSession, dealer_id: UUID, source_id: UUID, *, before: UUID | None, limit: int
) -> list[Rejection]:
    """Up to `limit` of a source's rejected payloads older than `before`, newest first."""
    query = select(_REJECTION).where(_REJECTION.c.dealer_id == dealer_id, _REJECTION.c.source_id == source_id)
    if before is not None:
        query = query.where(_REJECTION.c.id < before)
    rows = (await session.execute(query.order_by(_REJECTION.c.id.desc()).limit(limit))).mappings()
    return [_rejection(row) for row in rows]


async def lock_rejections(session: AsyncSession, dealer_id: UUID, source_id: UUID, *, limit: int) -> list[Rejection]:
    """Up to `limit` of a source's rejected payloads, those tried least and then the oldest first, locked."""
    query = (
        select(_REJECTION)
        .where(_REJECTION.c.dealer_id == dealer_id, _REJECTION.c.source_id == source_id)
        .order_by(_REJECTION.c.attempts, _REJECTION.c.id)
        .limit(limit)
        .with_for_update()
    )
    return [_rejection(row) for row in (await session.execute(query)).mappings()]


async def settle(session: AsyncSession, settled: Collection[Rejection], left: Sequence[Rejection]) -> None:
    """The payloads that are settled are gone; what is left of the others is as given. All were locked."""
    if settled:
        keys = [(rejection.dealer_id, rejection.id) for rejection in settled]
        await session.execute(delete(_REJECTION).where(tuple_(_REJECTION.c.dealer_id, _REJECTION.c.id).in_(keys)))
    if left:
        statement = insert(_REJECTION).values([_row(rejection) for rejection in left])
        changed = {name: statement.excluded[name] for name in ("items", "attempts", "mapping_version")}
        await session.execute(statement.on_conflict_do_update(index_elements=["dealer_id", "id"], set_=changed))


async def forget(session: AsyncSession, *, deliveries_before: datetime, now: datetime, limit: int) -> int:
    """Calls from before that instant and payloads past their end are gone, up to `limit` of each; how many were."""
    calls = await session.execute(_FORGET_DELIVERIES, {"before": deliveries_before, "limit": limit})
    payloads = await session.execute(_FORGET_REJECTIONS, {"now": now, "limit": limit})
    return int(calls.rowcount + payloads.rowcount)  # type: ignore[attr-defined]


def _is(key: DeliveryKey) -> tuple[Any, Any, Any]:
    return _DELIVERY.c.dealer_id == key[0], _DELIVERY.c.source_id == key[1], _DELIVERY.c.delivery_id == key[2]


def _row(rejection: Rejection) -> dict[str, Any]:
    row = {name: getattr(rejection, name) for name in Rejection.__slots__}
    return {**row, "items": [{"index": item.index, "problem": item.problem} for item in rejection.items]}


def _rejection(row: RowMapping) -> Rejection:
    items = tuple(Wanting(item["index"], item["problem"]) for item in row["items"])
    return Rejection(**{**row, "items": items})
