"""How timeliness is shown."""

from collections.abc import Sequence
from datetime import date
from typing import Self

from baoke_chassis.bodies import Reply

from lead_service.db.timeliness import Contacts, GroupBy, Responses, Timeliness


class ResponsesOut(Reply):
    """First answers: how many were due, how many came in time, and the working minutes that they took."""

    due: int
    in_time: int
    in_time_percent: float | None
    """null where none was due."""
    p50_minutes: float | None
    p90_minutes: float | None

    @classmethod
    def of(cls, figures: Responses) -> Self:
        """The figures, with their share."""
        return cls(
            due=figures.due,
            in_time=figures.in_time,
            in_time_percent=_percent(figures.in_time, figures.due),
            p50_minutes=figures.p50_minutes,
            p90_minutes=figures.p90_minutes,
        )


class ContactsOut(Reply):
    """Contacts: how many were due, and how many were made in time."""

    due: int
    in_time: int
    in_time_percent: float | None
    """null where none was due."""

    @classmethod
    def of(cls, figures: Contacts) -> Self:
        """The figures, with their share."""
        return cls(due=figures.due, in_time=figures.in_time, in_time_percent=_percent(figures.in_time, figures.due))


class TimelinessGroupOut(Reply):
    """The figures of one store, advisor or channel."""

    group: str | None
    """The store's or the advisor's id, or the channel; null for leads that were nobody's."""
    responses: ResponsesOut
    contacts: ContactsOut


class TimelinessOut(Reply):
    """How timely the dealer was (跟进及时率)."""

    from_on: date
    to_on: date
    """The last day that counts."""
    target_percent: int
    by: GroupBy
    responses: ResponsesOut
    contacts: ContactsOut
    groups: list[TimelinessGroupOut]
    """Those with the most due first, up to 500."""

    @classmethod
    def of(cls, figures: Sequence[Timeliness], by: GroupBy, days: tuple[date, date], *, target_percent: int) -> Self:
        """The whole and its groups."""
        whole = next((one for one in figures if one.is_whole), None)
        return cls(
            from_on=days[0],
            to_on=days[1],
            target_percent=target_percent,
            by=by,
            responses=ResponsesOut.of(whole.responses if whole else Responses()),
            contacts=ContactsOut.of(whole.contacts if whole else Contacts()),
            groups=[
                TimelinessGroupOut(
                    group=one.group, responses=ResponsesOut.of(one.responses), contacts=ContactsOut.of(one.contacts)
                )
                for one in figures
                if not one.is_whole
            ],
        )


def _percent(in_time: int, due: int) -> float | None:
    return round(100 * in_time / due, 1) if due else None
