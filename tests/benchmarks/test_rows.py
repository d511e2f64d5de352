"""Every row of the benchmarks runs, at its least size. What it measures is no concern of a test."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

pytest.importorskip("faststream", reason="make bench installs what the benchmarks need")
pytest.importorskip("matplotlib", reason="make bench installs what the benchmarks need")

from baoke_local.kafka_jars import kafka_available

from benchmarks.harness import Servers, Size
from benchmarks.harness.report import verdict
from benchmarks.harness.run import run_row
from benchmarks.rows import all_rows

# `start` is what every end-to-end test does first.
ROWS = [
    pytest.param(row, id=row.name, marks=[pytest.mark.kafka] if row.needs_kafka else [])
    for row in all_rows()
    if row.name != "start"
]


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with Servers() as servers:
        yield servers


@pytest.mark.parametrize("row", ROWS)
async def test_a_row_measures_every_figure_it_names(row, servers):
    if row.needs_kafka and (reason := kafka_available()):
        pytest.skip(reason)

    few = replace(row, contenders=row.contenders[:1]) if row.curve_over else row
    result = await run_row(few, servers, size=Size.SMOKE, rounds=1)

    assert [measured.contender for measured in result.measured] == [contender.name for contender in few.contenders]
    assert all(len(measured.rounds) == 1 for measured in result.measured)
    assert {figure for measured in result.measured for figure in measured.rounds[0]} == set(row.units)
    if few is row:
        assert all(verdict(result, target) for target in row.targets)
