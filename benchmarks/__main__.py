"""`python -m benchmarks`: measure, keep the figures, write docs/performance.md and its plots. See README.md."""

import argparse
import logging
import sys
from collections.abc import Sequence
from typing import Any

from baoke_chassis import process
from baoke_chassis.telemetry import install_telemetry

from benchmarks.harness.report import write_report
from benchmarks.harness.results import keep, kept
from benchmarks.harness.row import Row, Size
from benchmarks.harness.run import run_all
from benchmarks.rows import all_rows


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description=main.__doc__)
    parser.add_argument("--only", default="", help="names of rows, separated by commas; a name ending in * is a prefix")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="little work, two rounds, nothing kept")
    parser.add_argument("--report", action="store_true", help="only write the report from what was kept")
    parser.add_argument("--list", action="store_true", help="only list the rows")
    asked = parser.parse_args()
    rows = [row for row in all_rows() if _wanted(row, asked.only)]
    if asked.list:
        sys.stdout.writelines(f"{row.name:<24} {row.title}{' (only when named)' * row.apart}\n" for row in all_rows())
        return
    if not asked.report:
        if not rows:
            sys.exit(f"There is no row {asked.only}; make bench ONLY=… takes: {', '.join(r.name for r in all_rows())}")
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a new group's coordinator takes a moment
        install_telemetry("bench", None)  # as our processes do
        process.run(_measure(rows, quick=asked.quick, rounds=asked.rounds))
    if not asked.quick:
        write_report(kept())


async def _measure(rows: Sequence[Row[Any]], *, quick: bool, rounds: int) -> None:
    """On the loop our services run on; the yardsticks run on it as well. What is measured is kept at once."""
    size, rounds = (Size.QUICK, min(rounds, 2)) if quick else (Size.FULL, rounds)
    async for run in run_all(rows, size=size, rounds=rounds):
        if not quick:
            file = keep(run)
    if not quick:
        sys.stdout.write(f"\nKept in {file}\n")
    if run.failed:
        sys.exit(f"Not measured, for they failed: {', '.join(run.failed)}")


def _wanted(row: Row[Any], only: str) -> bool:
    """Whether the row is named, or all are wanted and it takes its place among them."""
    if not only:
        return not row.apart
    words = only.split(",")
    return any(row.name == word or (word.endswith("*") and row.name.startswith(word[:-1])) for word in words)


if __name__ == "__main__":
    main()
