"""What a run came to, in figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from faults.invariants.findings import Finding, Wrong
from faults.schedule import Kind

Recoveries = dict[Kind, list[float]]
"""Seconds from each fault's end until a later write had its effects everywhere."""

_RECOVERIES = "longest recovery alone    in a storm"


@dataclass(slots=True)
class Report:
    """Counts since the run began."""

    seed: int
    injected: Counter[Kind] = field(default_factory=Counter)
    alone: Recoveries = field(default_factory=dict)
    """From faults that came one by one."""
    in_storm: Recoveries = field(default_factory=dict)
    """From faults that came on top of others, which are felt meanwhile."""
    recovered_s: float | None = None
    """From the end of the last storm's last fault."""
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    repeats: int = 0
    """Records that repeat an event. Allowed: readers know them by their id."""
    writes: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        wrong, probed = Counter(finding.wrong for finding in self.findings), self.alone or self.in_storm
        lines = [
            f"seed               {self.seed}",
            f"faults injected    {self.injected.total():<20} {_RECOVERIES if probed else ''}",
            *(f"  {kind:<35} {self.injected[kind]:>4}{self._recoveries(kind) if probed else ''}" for kind in Kind),
            f"writes             {_listed(self.writes)}",
            f"answers            {_listed(self.answers)}",
            f"events             {self.events} (delivered again: {self.repeats})",
            *(f"{word:<18} {wrong[word]}" for word in Wrong),
            *([f"{'longest recovery':<42}{self._recoveries(*Kind)}"] if probed else []),
            f"after the storm    {_seconds([] if self.recovered_s is None else [self.recovered_s])}",
            f"ended unasked      {_listed(self.ended_by_themselves) or 'nobody'}",
        ]
        return "\n".join(line.rstrip() for line in lines)

    def _recoveries(self, *kinds: Kind) -> str:
        return f" {_longest(self.alone, *kinds):>20} {_longest(self.in_storm, *kinds):>13}"


def _longest(recoveries: Recoveries, *kinds: Kind) -> str:
    return _seconds([each for kind in kinds for each in recoveries.get(kind, [])])


def _seconds(measured: Sequence[float]) -> str:
    return f"{max(measured):.1f} s" if measured else "-"


def _listed(counts: Iterable[str]) -> str:
    return ", ".join(f"{name}: {number}" for name, number in sorted(Counter(counts).items()) if number)
