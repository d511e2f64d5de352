"""docs/openapi: what callers were promised stands, and only what breaks nobody is stored."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from baoke_chassis.http_contracts.snapshots import BreaksCallers, Snapshots
from baoke_local.contracts import check, openapi_documents

WIN = "/v1/leads/{lead_id}/win"


@pytest.fixture(scope="module")
def today() -> dict[str, Any]:
    return openapi_documents()


@pytest.fixture
def snapshots(tmp_path: Path, today: dict[str, Any]) -> Snapshots:
    """Today's documents, stored elsewhere."""
    snapshots = Snapshots(tmp_path / "openapi")
    snapshots.accept(today)
    return snapshots


def test_every_interface_stands_as_published(
    repository: Path, today: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(Snapshots(repository / "docs" / "openapi"), today) == 0, capsys.readouterr().out


def test_accepting_twice_changes_nothing(snapshots: Snapshots, today: dict[str, Any]) -> None:
    assert snapshots.accept(today) == []


def test_a_new_route_is_named_and_accepted(
    snapshots: Snapshots, today: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    later = deepcopy(today)
    route = later["lead-service"]["paths"][WIN]["post"]
    later["lead-service"]["paths"]["/v1/leads/{lead_id}/celebration"] = {"post": {**route, "operationId": "celebrate"}}

    assert check(snapshots, later) == 1
    assert "operation_added: there is more to call" in capsys.readouterr().out
    assert snapshots.accept(later) == ["lead-service"]
    assert check(snapshots, later) == 0


def test_a_route_that_is_gone_is_refused_and_nothing_is_written(snapshots: Snapshots, today: dict[str, Any]) -> None:
    later = deepcopy(today)
    del later["lead-service"]["paths"][WIN]

    with pytest.raises(BreaksCallers, match=r"lead-service: POST .*/win: operation_removed: breaks callers"):
        snapshots.accept(later)
    assert snapshots.stored("lead-service") == today["lead-service"]
