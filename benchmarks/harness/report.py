"""docs/performance.md: the generated blocks between its markers, and the plots beside it. The prose is ours."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.harness.machine import ROOT
from benchmarks.harness.plot import draw
from benchmarks.harness.results import Measured, RowResult, Run, newest
from benchmarks.harness.row import Target

PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"
_BLOCK = re.compile(r"<!-- begin (?P<name>\S+) -->\n.*?<!-- end (?P=name) -->", re.DOTALL)


def write_report(runs: Sequence[Run], page: Path = PAGE, plots: Path = PLOTS) -> None:
    """Fill every block of the page from the newest full result of its row, and draw the rows' plots.

    A row without a block gets one at the end of the page.
    """
    latest = newest(runs)
    plots.mkdir(exist_ok=True)
    blocks = {"summary": _summary(latest)}
    text = page.read_text()
    for name, (run, result) in latest.items():
        draw(result, plots / f"{name}.svg")
        blocks[name] = _block(run, result, plots.name)
        if f"<!-- begin {name} -->" not in text:
            text += f"\n## {result.title}\n\n<!-- begin {name} -->\n<!-- end {name} -->\n"
    page.write_text(_BLOCK.sub(lambda found: _filled(found["name"], blocks), text))


def _filled(name: str, blocks: Mapping[str, str]) -> str:
    return f"<!-- begin {name} -->\n{blocks.get(name, 'Not measured yet.')}\n<!-- end {name} -->"


def _summary(latest: Mapping[str, tuple[Run, RowResult]]) -> str:
    lines = ["| path | target | measured | |", "|---|---|---|---|"]
    for _, result in latest.values():
        lines += [f"| {result.title} | {' | '.join(verdict(result, target))} |" for target in result.targets]
    return "\n".join(lines)


def verdict(result: RowResult, target: Target) -> tuple[str, str, str]:
    """What was wanted, what was measured, and `met` or `missed`."""
    ours = result.of(target.contender).median(target.figure)
    unit = result.units[target.figure]
    if target.of:
        ours /= result.of(target.of).median(target.figure)
        unit = f"× {target.of}"
    wanted = f"{target.figure} " + " and ".join(
        f"{sign} {_number(bound)} {unit}"
        for sign, bound in (("≥", target.at_least), ("≤", target.at_most))
        if bound is not None
    )
    met = (target.at_least is None or ours >= target.at_least) and (target.at_most is None or ours <= target.at_most)
    return wanted, f"{_number(ours)} {unit}", "met" if met else "**missed**"


def _block(run: Run, result: RowResult, plots: str) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in run.machine.versions.items())
    stolen = f", {result.stolen} % stolen" if result.stolen else ""
    machine = f"{run.machine.cores} × {run.machine.cpu}, {run.machine.memory_gib} GiB, {run.machine.system}"
    return "\n".join(
        [
            f"{result.measures}\n",
            *_table(result),
            f"\n![{result.title}]({plots}/{result.row}.svg)\n",
            f"<sub>{run.started_at[:16]}Z, commit {run.commit}, load {result.load}{stolen}, {_rounds(result)}.</sub>",
            f"<sub>{machine}; {versions}.</sub>",
        ]
    )


def _rounds(result: RowResult) -> str:
    count = len(result.measured[0].rounds)
    return f"median (least – greatest) of {count} rounds" if count > 1 else "one round"


def _table(result: RowResult) -> Iterator[str]:
    first = next(iter(result.units))
    shown = [figure for figure in result.units if any(figure in m.rounds[0] for m in result.measured)]
    heads = [f"{figure}, {result.units[figure]}" for figure in shown]
    yield "| | " + " | ".join(heads) + (" | |" if not result.curve_over else " |")
    yield "|---|" + "---:|" * (len(shown) + (not result.curve_over))
    ours = result.measured[0].median(first)
    for measured in result.measured:
        cells = [_cell(measured, figure) for figure in shown]
        if not result.curve_over:
            cells.append(f"{measured.median(first) / ours:.2f} ×")
        yield f"| {measured.contender} | {' | '.join(cells)} |"


def _cell(measured: Measured, figure: str) -> str:
    if figure not in measured.rounds[0]:
        return ""
    least, greatest = measured.spread(figure)
    middle = _number(measured.median(figure))
    return middle if len(measured.rounds) == 1 else f"{middle} ({_number(least)} – {_number(greatest)})"


def _number(value: float) -> str:
    """Three significant digits, or all digits of what is greater."""
    if abs(value) >= 100:  # noqa: PLR2004
        return f"{value:,.0f}"
    return f"{value:.3g}"
