"""A row as a picture: bars beside each other, or a curve."""

from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from benchmarks.harness.results import Measured, RowResult

INK, OURS, THEIRS = "#333333", "#1f6feb", "#b8c0cc"
DECADES = 20
"""From this ratio on of the greatest to the least of a curve's points, its axis is logarithmic."""

mpl.rcParams["svg.hashsalt"] = "baoke"  # the same figures give the same file


def draw(result: RowResult, file: Path) -> None:
    """Write the row's first figure as SVG."""
    figure = next(iter(result.units))
    canvas = Figure(figsize=(7, 3 if result.curve_over else 0.8 + 0.45 * len(result.measured)), layout="tight")
    axes = canvas.subplots()
    if result.curve_over:
        _curve(axes, result, figure)
    else:
        _bars(axes, result, figure)
    axes.set_title(_plain(result.title), loc="left", fontsize=10, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    canvas.savefig(file, format="svg", metadata={"Date": None})


def _bars(axes: Axes, result: RowResult, figure: str) -> None:
    measured = [m for m in reversed(result.measured) if figure in m.rounds[0]]
    ours = result.measured[0].contender
    axes.barh(
        [_plain(m.contender) for m in measured],
        [m.median(figure) for m in measured],
        xerr=_error(measured, figure),
        color=[OURS if m.contender == ours else THEIRS for m in measured],
        ecolor=INK,
        capsize=2,
    )
    axes.set_xlabel(f"{figure}, {result.units[figure]}")
    axes.xaxis.set_major_formatter("{x:,g}")
    axes.xaxis.set_major_locator(MaxNLocator(6))


def _curve(axes: Axes, result: RowResult, figure: str) -> None:
    points = sorted((m for m in result.measured if m.x is not None), key=lambda m: m.x or 0)
    xs = [m.x or 0 for m in points]
    medians = [m.median(figure) for m in points]
    axes.errorbar(xs, medians, yerr=_error(points, figure), color=OURS, marker="o", ecolor=INK)
    if min(xs) > 0 and max(xs) / min(xs) >= DECADES:
        axes.set_xscale("log")
    axes.set_xticks(xs, [f"{x:,g}" for x in xs])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel(result.curve_over or "")
    axes.set_ylabel(f"{figure}, {result.units[figure]}")
    axes.yaxis.set_major_formatter("{x:,g}")


def _error(measured: list[Measured], figure: str) -> list[list[float]]:
    lower = [m.median(figure) - m.spread(figure)[0] for m in measured]
    upper = [m.spread(figure)[1] - m.median(figure) for m in measured]
    return [lower, upper]


def _plain(words: str) -> str:
    return words.replace("`", "")
