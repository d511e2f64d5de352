import importlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml
from baoke_chassis.service import Service
from baoke_events.contracts.drafts import Contract
from baoke_events.contracts.schemas import Schema
from baoke_events.contracts.shelf import Shelf

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


SERVICES = sorted((REPOSITORY / "services").glob("*/src/*/app.py"))


@pytest.fixture(scope="session", params=SERVICES, ids=lambda app: app.parents[2].name)
def service(request: pytest.FixtureRequest) -> Service:
    """Each service of the repository in turn, as its own `app.py` composes it."""
    package = request.param.parent.name
    settings = importlib.import_module(f"{package}.settings").Settings(database_url="unused")
    composed: Service = importlib.import_module(f"{package}.app").service(settings)
    return composed


@pytest.fixture(scope="session")
def shelf(repository: Path) -> Shelf:
    """The contracts that are stored in the repository."""
    return Shelf(repository / "libs" / "events" / "schemas")


@pytest.fixture
def without_options() -> Callable[[Contract], dict[str, Any]]:
    """The value of a sample with nothing in it but what the schema requires, at every depth."""

    def strip(value: Any, schema: Schema, definitions: dict[str, Schema]) -> Any:
        if "$ref" in schema:
            return strip(value, definitions[schema["$ref"].rpartition("/")[2]], definitions)
        if isinstance(value, list):
            return [strip(item, schema["items"], definitions) for item in value]
        if isinstance(value, dict):
            return {name: strip(value[name], schema["properties"][name], definitions) for name in schema["required"]}
        return value

    return lambda contract: strip(contract.sample["value"], contract.schema, contract.schema.get("$defs", {}))


@pytest.fixture
def estranged() -> Callable[[Any], Any]:
    """A value as a later writer might send it: one field more in every object."""

    def estrange(value: Any) -> Any:
        if isinstance(value, dict):
            return {**{name: estrange(each) for name, each in value.items()}, "unheard_of": {"since": "tomorrow"}}
        return [estrange(item) for item in value] if isinstance(value, list) else value

    return estrange


@pytest.fixture
def unfilled() -> Callable[[Contract], set[str]]:
    """The optional properties of an event that its sample leaves out, null or empty."""
    return lambda contract: {
        name
        for name in contract.schema["properties"].keys() - set(contract.schema["required"])
        if contract.sample["value"].get(name) in (None, [], "")
    }


@pytest.fixture
def property_names() -> Callable[[Any], set[str]]:
    """The names of all properties in a schema, at every depth."""

    def names(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(names, node))
        if not isinstance(node, dict):
            return set()
        return set(node.get("properties", {})).union(*map(names, node.values()))

    return names


@pytest.fixture
def promise() -> Callable[[Path, str], None]:
    """Edits a stored schema by hand: it requires one more property."""

    def edit(path: Path, name: str) -> None:
        schema = json.loads(path.read_text(encoding="utf-8"))
        schema["properties"][name] = {"type": "string"}
        schema["required"].append(name)
        path.write_text(json.dumps(schema), encoding="utf-8")

    return edit


@pytest.fixture(scope="session")
def asyncapi_document(repository: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((repository / "docs" / "asyncapi.yaml").read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="session")
def absent() -> Callable[[str], NoReturn]:
    """Says that a tool is missing: CI fails for it, a developer's machine skips."""
    return pytest.fail if os.environ.get("CI") == "true" else pytest.skip


@pytest.fixture(scope="session")
def node(absent: Callable[[str], NoReturn]) -> Callable[[Path], list[str]]:
    """Makes the command that runs a Node.js script, with the packages of the lockfile beside it installed."""

    def command(script: Path) -> list[str]:
        runtime, npm = shutil.which("node"), shutil.which("npm")
        if runtime is None or npm is None:
            absent(f"{script.name} needs Node.js and npm, which are not on this machine.")
        lockfile, installed = script.parent / "package-lock.json", script.parent / "node_modules" / ".package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < lockfile.stat().st_mtime:
            install = [npm, "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run(install, cwd=script.parent, capture_output=True, text=True, check=False)  # noqa: S603 - our lockfile
            if done.returncode:
                absent(f"npm could not install what {script.name} needs: {done.stderr[-500:]}")
        return [runtime, str(script)]

    return command


@pytest.fixture(scope="session")
def asyncapi_parser(node: Callable[[Path], list[str]]) -> list[str]:
    """The command that parses an AsyncAPI document with the AsyncAPI project's parser."""
    return node(Path(__file__).parent / "asyncapi" / "check.mjs")
