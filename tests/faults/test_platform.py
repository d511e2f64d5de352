"""The platform under load, while everything that can be killed is killed."""

import pytest

from faults.checker import told
from faults.schedule import Kind, schedule

EVERY_S = 2.0
PAUSE_S = 1.5


@pytest.mark.kafka
@pytest.mark.timeout(900)
async def test_nothing_is_lost_doubled_or_reordered_and_nothing_stays_stuck_whatever_is_done_to_it(run):
    seed = run.report.seed
    print(f"\nseed {seed}: make faults SEED={seed} does the same again; SEED=fresh does something else")

    await run.storm(schedule(seed, every_s=EVERY_S), pause_s=PAUSE_S, probed=False)

    print(run.report)
    assert run.report.findings == [], f"seed {seed}, logs in {run.cluster.folder}\n{told(run.report.findings)}"
    assert set(run.report.injected) == set(Kind)
