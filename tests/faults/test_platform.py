"""The platform as it runs in production, under load, while everything that can be killed is killed."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from baoke_local.kafka_jars import kafka_available

from faults.checker import told
from faults.run import Run
from faults.schedule import Kind, schedule
from faults.seeds import seed_of_this_run

EVERY_S = 3.5
PAUSE_S = 1.0


@pytest.fixture
def folder():
    """For data, logs and journals. Kept where a test fails."""
    path = Path(tempfile.mkdtemp(prefix="baoke-faults-"))
    yield path
    if not (path / "keep").exists():
        shutil.rmtree(path)


@pytest.mark.kafka
@pytest.mark.timeout(900)
async def test_nothing_is_lost_doubled_or_reordered_and_nothing_stays_stuck_whatever_is_done_to_it(folder):
    if reason := kafka_available():
        assert os.environ.get("REQUIRE_KAFKA") != "1", reason
        pytest.skip(f"needs a real Kafka: {reason}")
    seed = seed_of_this_run()
    print(f"\nseed {seed}: make faults SEED={seed} does the same again; SEED=fresh does something else")
    (folder / "keep").touch()

    async with Run(folder, seed, say=print) as run:
        await run.storm(schedule(seed, every_s=EVERY_S), pause_s=PAUSE_S)

    print(run.report)
    assert run.report.findings == [], f"seed {seed}, logs in {folder}\n{told(run.report.findings)}"
    assert set(run.report.injected) == set(Kind)
    (folder / "keep").unlink()
