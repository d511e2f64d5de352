"""The report says what was measured, beside what was wanted."""

import pytest

pytest.importorskip("matplotlib", reason="make bench installs what the benchmarks need")

from benchmarks.harness.report import write_report
from benchmarks.harness.results import Machine, Measured, RowResult, Run, keep, kept
from benchmarks.harness.row import Target

MACHINE = Machine("A processor", 2, 8.0, "Linux 6.1", {"python": "3.11.7", "kafka": "4.4.0"})
PAGE = """# Performance

<!-- begin summary -->
<!-- end summary -->

Ours is quick because it is lazy.

<!-- begin drain -->
Not measured yet.
<!-- end drain -->
"""


def run_of(size, *throughputs, started_at="2026-11-22T08:00:00+00:00"):
    drain = RowResult(
        row="drain",
        title="Drain",
        measures="All is carried away.",
        units={"throughput": "events/s", "python": "µs"},
        curve_over=None,
        targets=[Target("throughput", at_least=15_000), Target("throughput", at_least=0.5, of="bare")],
        measured=[
            Measured("ours", None, [{"throughput": each, "python": 1e6 / each} for each in throughputs]),
            Measured("bare", None, [{"throughput": 25_000.0} for _ in throughputs]),
        ],
        load=0.31,
        seconds=12.5,
        stolen=4.5,
    )
    return Run(started_at, "abc1234", size, MACHINE, [drain], [])


@pytest.fixture
def page(tmp_path):
    page = tmp_path / "performance.md"
    page.write_text(PAGE)
    return page


def test_medians_stand_between_the_prose_with_spread_ratio_and_verdict(page, tmp_path):
    write_report([run_of("full", 10_000.0, 20_000.0, 12_345.0)], page, tmp_path / "plots")

    assert (
        page.read_text()
        == """# Performance

<!-- begin summary -->
| path | target | measured | |
|---|---|---|---|
| Drain | throughput ≥ 15,000 events/s | 12,345 events/s | **missed** |
| Drain | throughput ≥ 0.5 × bare | 0.494 × bare | **missed** |
<!-- end summary -->

Ours is quick because it is lazy.

<!-- begin drain -->
All is carried away.

| | throughput, events/s | python, µs | |
|---|---:|---:|---:|
| ours | 12,345 (10,000 – 20,000) | 81 (50 – 100) | 1.00 × |
| bare | 25,000 (25,000 – 25,000) |  | 2.03 × |

![Drain](plots/drain.svg)

<sub>2026-11-22T08:00Z, commit abc1234, load 0.31, 4.5 % stolen, median (least – greatest) of 3 rounds.</sub>
<sub>2 × A processor, 8.0 GiB, Linux 6.1; python 3.11.7, kafka 4.4.0.</sub>
<!-- end drain -->
"""
    )
    assert (tmp_path / "plots" / "drain.svg").read_text().startswith("<?xml")


def test_the_newest_full_result_of_a_row_counts(page, tmp_path):
    runs = [
        run_of("full", 1.0),
        run_of("full", 16_000.0, started_at="2026-11-22T09:00:00+00:00"),
        run_of("quick", 2.0, started_at="2026-11-22T10:00:00+00:00"),
    ]
    for run in runs:
        keep(run, tmp_path / "results")
    assert kept(tmp_path / "results") == runs

    write_report(kept(tmp_path / "results"), page, tmp_path / "plots")

    assert "| Drain | throughput ≥ 15,000 events/s | 16,000 events/s | met |" in page.read_text()


def test_a_row_without_a_place_gets_one_at_the_end(page, tmp_path):
    page.write_text("# Performance\n")

    write_report([run_of("full", 16_000.0)], page, tmp_path / "plots")

    assert page.read_text().startswith("# Performance\n\n## Drain\n\n<!-- begin drain -->\nAll is carried away.\n")
