"""`make soak MINUTES=…`: rounds of faults until the time is over; the counts after every round."""

import argparse
import asyncio
import secrets
import sys
import tempfile
from itertools import count
from pathlib import Path

from faults.run import Run
from faults.schedule import kills, schedule

EVERY_S = 5
KILLS = 100
KILL_EVERY_S = 1.2
PAUSE_S = 0.5


def say(line: str) -> None:
    """Tell the person at the terminal, at once."""
    print(line, flush=True)


async def soak(folder: Path, *, minutes: float, seed: int) -> bool:
    """Begin rounds for so many minutes, or until something is wrong. True where nothing is.

    The faults come as a storm, then as deaths only, many and fast, then one by one, which shows what each costs.
    """
    end = asyncio.get_running_loop().time() + minutes * 60
    async with Run(folder, seed, say=say) as run:
        rounds = count(seed)
        while asyncio.get_running_loop().time() < end and not run.report.findings:
            say("\na storm")
            await run.storm(schedule(next(rounds), every_s=EVERY_S, patient=True), pause_s=PAUSE_S)
            say(f"\n{run.report}\n\n{KILLS} deaths")
            if asyncio.get_running_loop().time() < end and not run.report.findings:
                await run.storm(kills(next(rounds), KILLS, every_s=KILL_EVERY_S), pause_s=PAUSE_S, probed=False)
                say(f"\n{run.report}\n\none by one")
            if asyncio.get_running_loop().time() < end and not run.report.findings:
                await run.one_by_one(schedule(next(rounds), every_s=EVERY_S), pause_s=PAUSE_S)
                say(f"\n{run.report}")
        for finding in run.report.findings:
            say(str(finding))
        return not run.report.findings


def main() -> None:
    """Soak as the command line says. The folder with logs and journals stays where something was wrong."""
    parser = argparse.ArgumentParser(prog="make soak", description=main.__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    with tempfile.TemporaryDirectory(prefix="baoke-soak-", ignore_cleanup_errors=True) as folder:
        well = asyncio.run(soak(Path(folder), minutes=asked.minutes, seed=seed))
        if not well:
            kept = Path(folder).rename(f"{folder}-kept")
            Path(folder).mkdir()
            say(f"logs and journals: {kept}")
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
