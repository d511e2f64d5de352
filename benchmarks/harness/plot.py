"""A row as a picture: bars beside each other, or a curve."""

from pathlib import Path

import matplotlib as mpl

from benchmarks.harness.results import Measured, RowResult

mpl.use("svg")

from matplotlib import pyplot as plt

INK, OURS, THEIRS = "#333333", "#1f6feb", "#b8c0cc"
# The same figures give the same file.
mpl.rcParams["svg.hashsalt"] = "baoke"


def draw(result: RowResult, file: Path) -> None:
    """Write the row's first figure as SVG."""
    figure = next(iter(result.units))
    canvas, axes = plt.subplots(figsize=(7, 3 if result.curve_over else 0.8 + 0.45 * len(result.measured)))
    if result.curve_over:
        _curve(axes, result, figure)
    else:
        _bars(axes, result, figure)
    axes.set_title(result.title, loc="left", fontsize=10, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    canvas.tight_layout()
    canvas.savefig(file, metadata={"Date": None})
    plt.close(canvas)


def _bars(axes: plt.Axes, result: RowResult, figure: str) -> None:
    measured = [m for m in reversed(result.measured) if figure in m.rounds[0]]
    ours = result.measured[0].contender
    axes.barh(
        [m.contender for m in measured],
        [m.median(figure) for m in measured],
        xerr=_error(measured, figure),
        color=[OURS if m.contender == ours else THEIRS for m in measured],
        ecolor=INK,
        capsize=2,
    )
    axes.set_xlabel(result.units[figure])


def _curve(axes: plt.Axes, result: RowResult, figure: str) -> None:
    points = sorted((m for m in result.measured if m.x is not None), key=lambda m: m.x or 0)
    xs = [m.x or 0 for m in points]
    axes.errorbar(
        xs, [m.median(figure) for m in points], yerr=_error(points, figure), color=OURS, marker="o", ecolor=INK
    )
    if xs and min(xs) > 0 and max(xs) / min(xs) >= 20:  # noqa: PLR2004 (decades want a logarithmic axis)
        axes.set_xscale("log")
    axes.set_xticks(xs, [f"{x:,.0f}" for x in xs])
    axes.minorticks_off()
    axes.set_ylim(bottom=0)
    axes.set_xlabel(result.curve_over)
    axes.set_ylabel(result.units[figure])


def _error(measured: list[Measured], figure: str) -> list[list[float]]:
    lower = [m.median(figure) - m.spread(figure)[0] for m in measured]
    upper = [m.spread(figure)[1] - m.median(figure) for m in measured]
    return [lower, upper]
