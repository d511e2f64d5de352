"""How far each slot of the outbox has been carried for good, so that a relay need not read its dead head again.

A row that was drawn early and commits late lies *below* ids already sent. If a mark passed it, the next event of its
key would overtake it. So a mark moves only once every transaction that was open when its rows were read has ended,
and a read from the old mark has seen what these left. Nothing that is sent waits for that, only the marks do.
"""

from collections.abc import Mapping


class Marks:
    """Low-water marks by slot: everything at or below one was taken, and nothing can appear there any more."""

    def __init__(self) -> None:
        self._at: dict[int, int] = {}
        self._proposed: list[tuple[int, dict[int, int]]] = []

    @property
    def waiting(self) -> bool:
        """Whether something was carried that the marks have not passed yet."""
        return bool(self._proposed)

    def above(self, slot: int) -> int:
        """Where reading the slot begins."""
        return self._at.get(slot, 0)

    def carried(self, reached: Mapping[int, int], *, xid: int) -> None:
        """Propose marks. `xid` is a transaction that began after the rows were read, such as their deletion's."""
        if len(self._proposed) < 2:  # noqa: PLR2004 (one that waits for its end, one that gathers what comes meanwhile)
            self._proposed.append((xid, dict(reached)))
        else:
            self._proposed[1] = (xid, {**self._proposed[1][1], **reached})

    def settle(self, horizon: int, reached: Mapping[int, int]) -> None:
        """Move what can be moved after a read from the present marks that came as far as `reached`.

        `horizon` is the oldest transaction that was open before that read (`pg_snapshot_xmin`).
        """
        while self._proposed and self._proposed[0][0] < horizon:
            for slot, id in self._proposed.pop(0)[1].items():
                self._at[slot] = min(id, reached.get(slot, id))
