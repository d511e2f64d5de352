"""How timely a dealer is: answers to new leads, and contacts that fell due, in one statement each.

An answer counts for who was answerable for it, whosever the lead is today. A contact counts where it fell due. It is in
time if it was made by then, and counts for who made it; it is late if it was missed, and counts for whose lead it was,
whoever made it later. `missed_contact` keeps those, so that a lead that is closed meanwhile counts too.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from baoke_events.statements import fetch
from sqlalchemy.ext.asyncio import AsyncSession

MOST_GROUPS = 500
"""Groups of a figure that are answered, those with the most due first."""


class GroupBy(StrEnum):
    """What figures are told apart by."""

    STORE = "store"
    ADVISOR = "advisor"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class TimelinessFilter:
    """What is counted: what fell due from `start` up to `end`, or was captured then, of these stores (None is all)."""

    dealer_id: UUID
    start: datetime
    end: datetime
    stores: list[UUID] | None = None
    advisor_id: UUID | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True)
class Responses:
    """New leads whose answer was due, those answered in time, and the working minutes that answers took."""

    due: int = 0
    in_time: int = 0
    p50_minutes: float | None = None
    p90_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Contacts:
    """Contacts that were due, and those made in time."""

    due: int = 0
    in_time: int = 0


@dataclass(frozen=True, slots=True)
class Timeliness:
    """The figures of all that was asked for, or of one group of it: a store, an advisor (None is nobody), a channel."""

    is_whole: bool
    group: str | None
    responses: Responses
    contacts: Contacts


_COLUMN = {GroupBy.STORE: "store_id", GroupBy.ADVISOR: "advisor_id", GroupBy.CHANNEL: "channel"}

_MINE = """
($4::uuid[] IS NULL OR store_id = ANY($4)) AND ($5::uuid IS NULL OR advisor_id = $5)
AND ($6::text IS NULL OR channel = $6)
"""
_RESPONSES = f"""
SELECT GROUPING({{group}}) AS whole, {{group}}::text AS name, count(*) AS due,
       count(*) FILTER (WHERE responded_at <= respond_by) AS in_time,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY response_minutes) AS p50,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY response_minutes) AS p90
FROM (
    SELECT store_id, answerable_id AS advisor_id, channel, respond_by, responded_at, response_minutes
    FROM lead
    WHERE dealer_id = $1 AND captured_at >= $2 AND captured_at < $3 AND respond_by IS NOT NULL
      AND (responded_at IS NOT NULL OR (respond_by < $7 AND (closed_at IS NULL OR closed_at > respond_by)))
) AS answer
WHERE {_MINE}
GROUP BY GROUPING SETS ((), ({{group}}))
"""
_CONTACTS = f"""
SELECT GROUPING({{group}}) AS whole, {{group}}::text AS name, count(*) AS due,
       count(*) FILTER (WHERE in_time) AS in_time
FROM (
    SELECT store_id, advisor_id, lead_channel AS channel, made_at <= due_at AS in_time
    FROM follow_up AS made
    WHERE dealer_id = $1 AND due_at >= $2 AND due_at < $3
      AND NOT EXISTS (
          SELECT FROM missed_contact AS missed
          WHERE missed.dealer_id = $1 AND missed.due_at >= $2 AND missed.due_at < $3
            AND missed.lead_id = made.lead_id AND missed.due_at = made.due_at
      )
    UNION ALL
    SELECT store_id, advisor_id, lead_channel, false
    FROM missed_contact
    WHERE dealer_id = $1 AND due_at >= $2 AND due_at < $3
) AS contact
WHERE {_MINE}
GROUP BY GROUPING SETS ((), ({{group}}))
"""


async def figures(session: AsyncSession, asked: TimelinessFilter, by: GroupBy, *, now: datetime) -> list[Timeliness]:
    """The figures of all, where anything was due, and then of each group, those with the most due first."""
    arguments = (asked.dealer_id, asked.start, asked.end, asked.stores, asked.advisor_id, asked.channel)
    group = _COLUMN[by]
    responses = {_key(row): row for row in await fetch(session, _RESPONSES.format(group=group), *arguments, now)}
    contacts = {_key(row): row for row in await fetch(session, _CONTACTS.format(group=group), *arguments)}
    found = [
        Timeliness(*key, _responses(responses.get(key)), _contacts(contacts.get(key)))
        for key in responses.keys() | contacts.keys()
    ]
    return sorted(found, key=_order)[: MOST_GROUPS + 1]


def _order(one: Timeliness) -> tuple[bool, int, str]:
    return not one.is_whole, -(one.responses.due + one.contacts.due), one.group or ""


def _key(row: Any) -> tuple[bool, str | None]:
    return bool(row["whole"]), row["name"]


def _responses(row: Any) -> Responses:
    return Responses(row["due"], row["in_time"], row["p50"], row["p90"]) if row else Responses()


def _contacts(row: Any) -> Contacts:
    return Contacts(row["due"], row["in_time"]) if row else Contacts()
