import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from baoke_local.kafka import LocalKafka
from baoke_local.kafka_jars import kafka_available


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a server's data. Not pytest's own, which every new run of pytest closes to other users."""
    path = Path(tempfile.mkdtemp(prefix="baoke-test-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def kafka() -> Iterator[LocalKafka]:
    """One broker for all tests. Without Java and Maven they are skipped, or fail where REQUIRE_KAFKA=1 asks for it."""
    reason = kafka_available()
    if reason and os.environ.get("REQUIRE_KAFKA") != "1":
        pytest.skip(reason)
    with LocalKafka.temporary() as server:
        yield server
