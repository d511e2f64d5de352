"""What a run measured, as values and as the JSON that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from pydantic import TypeAdapter

from benchmarks.harness.row import Target

RESULTS = Path(__file__).parents[1] / "results"


@dataclass(frozen=True, slots=True)
class Machine:
    """Where a run took place. `versions` by name of the program or library."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the rounds of one contender measured."""

    contender: str
    x: float | None
    rounds: list[dict[str, float]]

    def median(self, figure: str) -> float:
        """The middle one of the rounds."""
        return median(self._all(figure))

    def spread(self, figure: str) -> tuple[float, float]:
        """The least and the greatest of the rounds."""
        return min(self._all(figure)), max(self._all(figure))

    def _all(self, figure: str) -> list[float]:
        return [round_[figure] for round_ in self.rounds if figure in round_]


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row's outcome.

    `load` is the machine's one-minute load average before it began, `stolen` the percentage of processor time
    that the host of a virtual machine gave to others meanwhile.
    """

    row: str
    title: str
    measures: str
    units: dict[str, str]
    curve_over: str | None
    targets: list[Target]
    measured: list[Measured]
    load: float
    seconds: float
    stolen: float | None = None

    def of(self, contender: str | None) -> Measured:
        """A contender's measurements; without a name, ours."""
        return next(m for m in self.measured if contender in (None, m.contender))


@dataclass(frozen=True, slots=True)
class Run:
    """One call of the benchmarks."""

    started_at: str
    commit: str
    size: str
    machine: Machine
    rows: list[RowResult]
    failed: list[str]


_JSON = TypeAdapter(Run)


def keep(run: Run, folder: Path = RESULTS) -> Path:
    """Write the run's raw figures to `<folder>/<date and time>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{run.started_at[:16].replace(':', '')}.json"
    file.write_bytes(_JSON.dump_json(run, indent=1) + b"\n")
    return file


def kept(folder: Path = RESULTS) -> list[Run]:
    """All runs that were kept, oldest first."""
    return [_JSON.validate_json(file.read_bytes()) for file in sorted(folder.glob("*.json"))]


def newest(runs: Sequence[Run]) -> dict[str, tuple[Run, RowResult]]:
    """The latest full result of each row, with its run."""
    return {result.row: (run, result) for run in runs if run.size == "full" for result in run.rows}
