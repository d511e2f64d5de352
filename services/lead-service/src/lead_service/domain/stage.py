"""The way of a lead: new → contacted → appointed → visited → test_driven → negotiating → won | defeated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lead_service.domain.errors import StageNotReachable


class Stage(StrEnum):
    """Where a lead stands. The order of the members is the order of the way."""

    NEW = "new"
    CONTACTED = "contacted"
    APPOINTED = "appointed"
    VISITED = "visited"
    TEST_DRIVEN = "test_driven"
    NEGOTIATING = "negotiating"
    WON = "won"
    DEFEATED = "defeated"

    @property
    def is_closed(self) -> bool:
        """Whether nobody works a lead at this stage any more."""
        return self in (Stage.WON, Stage.DEFEATED)


_WAY = list(Stage)


def step(at: Stage, to: Stage) -> Stage:
    """The stage after moving from `at` to `to`: ahead, over any stages between, or back to `contacted`.

    A cancelled appointment or a cooled negotiation puts the lead back to `contacted`; staying where
    it is changes nothing. Won and defeated are reached by a sale and a defeat only.

    Raises:
        StageNotReachable: `to` lies behind, or is closed.
    """
    if to.is_closed:
        raise StageNotReachable(at, to, f"a lead is {to} by its own request, which says what happened")
    if _WAY.index(to) < _WAY.index(at) and to is not Stage.CONTACTED:
        raise StageNotReachable(at, to, "it goes ahead, or back to contacted")
    return to


def ahead(at: Stage, to: Stage) -> Stage:
    """The stage of an open lead after something that takes leads to `to`; one that is further already stays."""
    return at if at.is_closed else max(at, to, key=_WAY.index)


@dataclass(frozen=True, slots=True)
class StageChange:
    """One step of a lead along its way. `stayed` is how long it was at the stage that it left, where that is known."""

    from_stage: Stage
    to_stage: Stage
    changed_by: str
    changed_at: datetime
    stayed: timedelta | None = None


def timed(changes: Sequence[StageChange], *, since: datetime | None) -> list[StageChange]:
    """The steps, oldest first, each with how long its lead stood before it.

    It stood at the first stage `since`; None where nobody knows.
    """
    entered = [since, *(change.changed_at for change in changes)]
    return [
        replace(change, stayed=change.changed_at - at if at else None)
        for change, at in zip(changes, entered, strict=False)
    ]
