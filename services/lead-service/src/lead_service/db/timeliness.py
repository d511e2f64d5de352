"""How timely a dealer is: answers to new leads, and contacts that fell due, in one statement each.

A contact counts where it fell due. It is in time if it was made by then; it is late if it was made later, or was
missed and never made. `missed_contact` keeps those, so that a lead that is closed meanwhile counts too.
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
($5::uuid[] IS NULL OR store_id = ANY($5)) AND ($6::uuid IS NULL OR advisor_id = $6)
AND ($7::text IS NULL OR {channel} = $7)
"""
_RESPONSES = f"""
SELECT GROUPING({{group}}) AS whole, {{group}}::text AS name, count(*) AS due,
       count(*) FILTER (WHERE responded_at <= respond_by) AS in_time,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY response_minutes) AS p50,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY response_minutes) AS p90
FROM lead
WHERE dealer_id = $1 AND captured_at >= $2 AND captured_at < $3 AND respond_by IS NOT NULL
  AND (responded_at IS NOT NULL OR (respond_by < $4 AND (closed_at IS NULL OR closed_at > respond_by)))
  AND {_MINE.format(channel="channel")}
GROUP BY GROUPING SETS ((), ({{group}}))
ORDER BY 1 DESC, 3 DESC, 2 LIMIT {MOST_GROUPS + 1}
"""
_CONTACTS = f"""
SELECT GROUPING({{group}}) AS whole, {{group}}::text AS name, count(*) AS due,
       count(*) FILTER (WHERE in_time) AS in_time
FROM (
    SELECT store_id, advisor_id, lead_channel AS channel, made_at <= due_at AS in_time
    FROM follow_up
    WHERE dealer_id = $1 AND due_at >= $2 AND due_at < $3 AND $4::timestamptz IS NOT NULL
      AND {_MINE.format(channel="lead_channel")}
    UNION ALL
    SELECT store_id, advisor_id, lead_channel, false
    FROM missed_contact AS missed
    WHERE dealer_id = $1 AND due_at >= $2 AND due_at < $3 AND {_MINE.format(channel="lead_channel")}
      AND NOT EXISTS (
          SELECT FROM follow_up AS made
          WHERE made.dealer_id = $1 AND made.due_at >= $2 AND made.due_at < $3
            AND made.lead_id = missed.lead_id AND made.due_at = missed.due_at
      )
) AS contact
GROUP BY GROUPING SETS ((), ({{group}}))
ORDER BY 1 DESC, 3 DESC, 2 LIMIT {MOST_GROUPS + 1}
"""


async def figures(session: AsyncSession, asked: TimelinessFilter, by: GroupBy, *, now: datetime) -> list[Timeliness]:
    """The figures of all, where anything was due, and then of each group, those with the most due first."""
    arguments = (asked.dealer_id, asked.start, asked.end, now, asked.stores, asked.advisor_id, asked.channel)
    group = _COLUMN[by]
    responses = {_key(row): row for row in await fetch(session, _RESPONSES.format(group=group), *arguments)}
    contacts = {_key(row): row for row in await fetch(session, _CONTACTS.format(group=group), *arguments)}
    found = [
        Timeliness(*key, _responses(responses.get(key)), _contacts(contacts.get(key)))
        for key in dict.fromkeys([*responses, *contacts])
    ]
    return sorted(found, key=lambda one: (one.is_whole, one.responses.due + one.contacts.due), reverse=True)


def _key(row: Any) -> tuple[bool, str | None]:
    return bool(row["whole"]), row["name"]


def _responses(row: Any) -> Responses:
    return Responses(row["due"], row["in_time"], row["p50"], row["p90"]) if row else Responses()


def _contacts(row: Any) -> Contacts:
    return Contacts(row["due"], row["in_time"]) if row else Contacts()
