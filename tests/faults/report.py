"""What a run came to, in figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from faults.invariants.findings import Finding, Wrong
from faults.schedule import Kind

Recoveries = dict[Kind, list[float]]
"""Seconds from each fault's end until a later write had its effects everywhere."""


@dataclass(slots=True)
class Report:
    """Counts since the run began."""

    seed: int
    injected: Counter[Kind] = field(default_factory=Counter)
    alone: Recoveries = field(default_factory=dict)
    """From faults that came one by one."""
    in_storm: Recoveries = field(default_factory=dict)
    """From faults that came on top of others, which are felt meanwhile."""
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    repeats: int = 0
    """Records that repeat an event. Allowed: readers know them by their id."""
    writes: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        wrong = Counter(finding.wrong for finding in self.findings)
        lines = [
            f"seed               {self.seed}",
            f"faults injected    {self.injected.total():<20} longest recovery alone    in a storm",
            *(
                f"  {kind:<35} {self.injected[kind]:>4}"
                f" {_longest(self.alone, kind):>20} {_longest(self.in_storm, kind):>13}"
                for kind in Kind
            ),
            f"writes             {_listed(self.writes)}",
            f"answers            {_listed(self.answers)}",
            f"events             {self.events} (delivered again: {self.repeats})",
            *(f"{word:<18} {wrong[word]}" for word in Wrong),
            f"longest recovery   {_longest(self.alone, *Kind)} alone, {_longest(self.in_storm, *Kind)} in a storm",
            f"ended unasked      {_listed(self.ended_by_themselves) or 'nobody'}",
        ]
        return "\n".join(lines)


def _longest(recoveries: Recoveries, *kinds: Kind) -> str:
    seconds = [each for kind in kinds for each in recoveries.get(kind, [])]
    return f"{max(seconds):.1f} s" if seconds else "-"


def _listed(counts: Iterable[str]) -> str:
    return ", ".join(f"{name}: {number}" for name, number in sorted(Counter(counts).items()) if number)
