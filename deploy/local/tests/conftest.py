import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for a server's data. Not pytest's own, which every new run of pytest closes to other users."""
    path = Path(tempfile.mkdtemp(prefix="baoke-test-"))
    yield path
    shutil.rmtree(path)
