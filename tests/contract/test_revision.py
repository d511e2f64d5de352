"""`python -m baoke_events.contracts`: what it writes, what it refuses, what it keeps."""

import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from baoke_events.contracts.__main__ import main
from baoke_events.contracts.drafts import Contract, drafts
from baoke_events.contracts.revision import BreaksContract, breaks, revise, stale
from baoke_events.contracts.shelf import Shelf

NAME = "baoke.lead.defeated.v1"


@pytest.fixture
def empty(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "schemas")


@pytest.fixture
def today() -> dict[str, Contract]:
    """The catalogue, cut down to one type."""
    return {NAME: deepcopy(drafts()[NAME])}


@pytest.fixture
def grown(today: dict[str, Contract]) -> dict[str, Contract]:
    """The same a while later: one optional field more."""
    later = deepcopy(today)
    later[NAME].schema["properties"]["mood"] = {"type": "string", "default": "calm"}
    later[NAME].sample["value"]["mood"] = "sour"
    return later


@pytest.fixture
def shrunk(today: dict[str, Contract]) -> dict[str, Contract]:
    """The same with a required field gone."""
    later = deepcopy(today)
    del later[NAME].schema["properties"]["reason"]
    later[NAME].schema["required"].remove("reason")
    return later


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    """What of the repository the command reads, to be spoilt."""
    shutil.copytree(repository / "libs" / "events" / "schemas", tmp_path / "libs" / "events" / "schemas")
    shutil.copytree(repository / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("examples"))
    for consumers in (repository / "services").glob("*/src/*/consumers"):
        shutil.copytree(consumers, tmp_path / consumers.relative_to(repository))
    return tmp_path


def test_a_new_type_is_stored(empty: Shelf, today: dict[str, Contract]) -> None:
    assert revise(empty, today) == [NAME]
    assert empty.current(NAME) == today[NAME]
    assert stale(empty, today) == []


def test_writing_twice_changes_nothing(empty: Shelf, today: dict[str, Contract]) -> None:
    revise(empty, today)

    assert revise(empty, today) == []
    assert empty.former(NAME) == []


def test_an_optional_field_is_added_and_the_contract_before_is_kept(
    empty: Shelf, today: dict[str, Contract], grown: dict[str, Contract]
) -> None:
    revise(empty, today)

    assert revise(empty, grown) == [NAME]
    assert empty.current(NAME) == grown[NAME]
    assert empty.former(NAME) == [today[NAME]]


def test_a_breaking_change_is_refused_and_nothing_is_written(
    empty: Shelf, today: dict[str, Contract], shrunk: dict[str, Contract]
) -> None:
    revise(empty, today)

    with pytest.raises(BreaksContract, match="reason: required_removed: breaks readers and writers"):
        revise(empty, shrunk)
    assert empty.current(NAME) == today[NAME]


def test_a_field_that_was_added_once_may_not_be_taken_back(
    empty: Shelf, today: dict[str, Contract], grown: dict[str, Contract]
) -> None:
    revise(empty, today)
    revise(empty, grown)

    assert [line for line in breaks(empty, today) if "mood: optional_removed" in line]


def test_a_published_type_may_not_leave_the_catalogue(empty: Shelf, today: dict[str, Contract]) -> None:
    revise(empty, today)

    assert breaks(empty, {}) == [f"{NAME}: published types stay in the catalogue"]


def test_other_words_for_people_replace_the_words_before(empty: Shelf, today: dict[str, Contract]) -> None:
    revise(empty, today)
    reworded = {NAME: Contract({**today[NAME].schema, "description": "Lost."}, today[NAME].sample)}

    assert revise(empty, reworded) == [NAME]
    assert empty.current(NAME) == reworded[NAME]
    assert empty.former(NAME) == []


def test_the_repository_stands_as_published(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--root", str(repository)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", ["docs/asyncapi.yaml", "docs/events.md"])
def test_a_document_that_was_edited_by_hand_is_found_and_written_anew(
    checkout: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / path).write_text("mine", encoding="utf-8")

    assert main(["check", "--root", str(checkout)]) == 1
    assert capsys.readouterr().err.startswith(f"{path}: is not what the catalogue and the subscriptions say\n")
    assert main(["write", "--root", str(checkout)]) == 0
    assert main(["check", "--root", str(checkout)]) == 0


def test_a_stored_schema_that_promises_more_than_the_catalogue_fails_check_and_write(
    checkout: Path, capsys: pytest.CaptureFixture[str], promise: Callable[[Path, str], None]
) -> None:
    promise(checkout / "libs" / "events" / "schemas" / f"{NAME}.json", "promised")

    for command in ("check", "write"):
        assert main([command, "--root", str(checkout)]) == 1
        said = capsys.readouterr().err
        assert f"{NAME}: promised: required_removed" in said
        assert "make it a new version" in said


def test_a_folder_that_is_not_the_repository_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--root", str(tmp_path)])
    assert "is not the repository" in capsys.readouterr().err
