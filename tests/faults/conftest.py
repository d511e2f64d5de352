import os
import shutil
import tempfile
from pathlib import Path

import pytest
from baoke_local.kafka_jars import kafka_available

from faults.run import Run
from faults.seeds import seed_of_this_run


@pytest.fixture(scope="session")
def folder(request):
    """For data, logs and journals. Kept where a test fails."""
    failed, path = request.session.testsfailed, Path(tempfile.mkdtemp(prefix="baoke-faults-"))
    yield path
    if request.session.testsfailed == failed:
        shutil.rmtree(path)


@pytest.fixture(scope="session")
async def run(folder):
    """The platform as it runs in production, once for all that is done to it."""
    if reason := kafka_available():
        assert os.environ.get("REQUIRE_KAFKA") != "1", reason
        pytest.skip(f"needs a real Kafka: {reason}")
    async with Run(folder, seed_of_this_run(), say=print) as run:
        yield run
