"""What a run came to, in figures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from faults.invariants.findings import Finding, Wrong
from faults.schedule import Fault, Kind


@dataclass(slots=True)
class Report:
    """Counts since the run began."""

    seed: int
    injected: Counter[Kind] = field(default_factory=Counter)
    recoveries: dict[Kind, list[float]] = field(default_factory=dict)
    """Seconds from each fault's end until a later write had its effects everywhere."""
    findings: list[Finding] = field(default_factory=list)
    events: int = 0
    repeats: int = 0
    """Records that repeat an event. Allowed: readers know them by their id."""
    writes: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)

    def recovered(self, fault: Fault, seconds: float) -> None:
        """Note how long a fault was felt after its end."""
        self.recoveries.setdefault(fault.kind, []).append(seconds)

    @property
    def longest_recovery_s(self) -> float:
        """Over all faults; other faults that came meanwhile included."""
        return max((seconds for each in self.recoveries.values() for seconds in each), default=0.0)

    def __str__(self) -> str:
        wrong = Counter(finding.wrong for finding in self.findings)
        lines = [
            f"seed               {self.seed}",
            f"faults injected    {self.injected.total()}",
            *(f"  {kind:<34} {self.injected[kind]:>5}{_slowest(self.recoveries.get(kind, []))}" for kind in Kind),
            f"writes             {_listed(self.writes)}",
            f"answers            {_listed(self.answers)}",
            f"events             {self.events} (delivered again: {self.repeats})",
            *(f"{word:<18} {wrong[word]}" for word in Wrong),
            f"longest recovery   {self.longest_recovery_s:.1f} s",
            f"ended unasked      {_listed(self.ended_by_themselves) or 'nobody'}",
        ]
        return "\n".join(lines)


def _slowest(seconds: list[float]) -> str:
    return f"   recovered within {max(seconds):5.1f} s" if seconds else ""


def _listed(counts: Iterable[str]) -> str:
    return ", ".join(f"{name}: {number}" for name, number in sorted(Counter(counts).items()) if number)
