"""The part of the pytest plugin that holds services to their documents; `baoke_chassis.testing` loads it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from baoke_chassis.promises.answers import WatchedApi
from baoke_chassis.promises.events import PublishedEvents, missing

PUBLISHED: pytest.StashKey[PublishedEvents] = pytest.StashKey()
OF_A_PROCESS = "baoke_published"
"""What the processes of pytest-xdist hand to the one that started them."""


def pytest_configure(config: pytest.Config) -> None:
    """Begin to remember who published what."""
    config.stash[PUBLISHED] = PublishedEvents()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """What a process of pytest-xdist remembers is known to the one that started it."""
    node.config.stash[PUBLISHED].seen.update(map(tuple, getattr(node, "workeroutput", {}).get(OF_A_PROCESS, ())))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run of all tests makes every service say all that it says it publishes."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[OF_A_PROCESS] = sorted(session.config.stash[PUBLISHED].seen)
        return
    unsaid = missing(session.config.stash[PUBLISHED].seen)
    if unsaid and exitstatus == pytest.ExitCode.OK and _runs_everything(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nPromised in the catalogue, and published in no test:", *unsaid, sep="\n  ")  # noqa: T201 - the terminal


def _runs_everything(config: pytest.Config) -> bool:
    """Whether the command line chose no tests: the faults, which it may skip, publish in processes of their own."""
    asked = config.option
    picked = asked.keyword or asked.markexpr or asked.lf or asked.deselect or asked.collectonly
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not picked


@pytest.fixture(scope="session")
def published_events(request: pytest.FixtureRequest) -> PublishedEvents:
    """Judges what services publish, and remembers it for the end of the run."""
    return request.config.stash[PUBLISHED]


@pytest.fixture
def watched_api(api: FastAPI) -> Iterator[WatchedApi]:
    """The service's HTTP interface, seen to answer with nothing but what its OpenAPI document names."""
    watched = WatchedApi(api)
    yield watched
    if watched.undocumented:
        pytest.fail(f"not in the OpenAPI document: {watched.undocumented}")
