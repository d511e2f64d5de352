"""The part of the pytest plugin that holds services to their documents; `baoke_chassis.testing` loads it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from baoke_chassis.promises.answers import WatchedApi
from baoke_chassis.promises.events import PublishedEvents, missing
from baoke_chassis.service import Service

PUBLISHED: pytest.StashKey[PublishedEvents] = pytest.StashKey()

Documents = dict[int, tuple[Service, dict[str, Any]]]


def pytest_configure(config: pytest.Config) -> None:
    """Begin to remember who published what."""
    config.stash[PUBLISHED] = PublishedEvents()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run of all tests makes every service say all that it says it publishes."""
    unsaid = missing(session.config.stash[PUBLISHED].seen)
    if unsaid and exitstatus == pytest.ExitCode.OK and _runs_everything(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nPromised in the catalogue, and published in no test:", *unsaid, sep="\n  ")  # noqa: T201 - the terminal


def _runs_everything(config: pytest.Config) -> bool:
    """Whether no test was chosen, and none left out, by the command line."""
    asked = config.option
    picked = asked.keyword or asked.markexpr or asked.lf or asked.deselect or asked.collectonly
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not picked


@pytest.fixture(scope="session")
def published_events(request: pytest.FixtureRequest) -> PublishedEvents:
    """Judges what services publish, and remembers it for the end of the run."""
    return request.config.stash[PUBLISHED]


@pytest.fixture(scope="session")
def openapi_documents() -> Documents:
    """The OpenAPI documents of the services by their identity, each made once in a run."""
    return {}


@pytest.fixture
def watched_api(service: Service, api: FastAPI, openapi_documents: Documents) -> Iterator[WatchedApi]:
    """The service's HTTP interface, seen to answer with nothing but what its OpenAPI document names."""
    if id(service) not in openapi_documents:
        openapi_documents[id(service)] = service, api.openapi()
    _, api.openapi_schema = openapi_documents[id(service)]
    watched = WatchedApi(api)
    yield watched
    if watched.undocumented:
        pytest.fail(f"not in the OpenAPI document: {watched.undocumented}")
