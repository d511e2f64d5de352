"""Schemathesis sends every service what its OpenAPI document allows and forbids, and holds the answers to it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from baoke_events.contracts.samples import SAMPLES

FOLDER = Path(__file__).parent
EXAMPLES = os.environ.get("FUZZ_EXAMPLES")
"""Calls that each phase makes up for an operation; `make fuzz` sets it, and walks the edges of every schema as well."""

SEED = os.environ.get("FUZZ_SEED")

EXTENT = (
    ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", EXAMPLES, *(["--seed", SEED] if SEED else [])]
    if EXAMPLES
    else ["--phases", "examples,fuzzing,stateful", "--max-examples", "5", "--seed", "1"]
)
"""`make test` makes the same calls each time, so that what fails is the change's doing; `make fuzz` draws new ones."""


@pytest.fixture(scope="session")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """schemathesis.toml, and half of all ids are of what there is, so that calls get past 404."""
    known: dict[str, set[str]] = {}
    for event in SAMPLES.values():
        for name in (name for name in type(event).model_fields if name.endswith("_id")):
            known.setdefault(name, set()).add(f'"{getattr(event, name)}"')
    lines = [f"[dictionaries.{name}]\nvalues = [{', '.join(sorted(values))}]" for name, values in known.items()]
    lines += ["[parameters]"]
    lines += [
        f'"{place}.{name}" = {{ dictionary = "{name}", probability = 0.5 }}'
        for name in known
        for place in ("path", "query", "body")
    ]
    path = tmp_path_factory.mktemp("fuzz") / "schemathesis.toml"
    path.write_text("\n".join([*lines, (FOLDER / "schemathesis.toml").read_text()]), encoding="utf-8")
    return path


@pytest.mark.timeout(7200)
def test_a_service_answers_as_its_document_says_whatever_it_is_sent(
    address: str, admin_token: str, configuration: Path
) -> None:
    schemathesis = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration)]
    run = subprocess.run(  # noqa: S603 - our own command
        [
            *(*schemathesis, "run", f"{address}/openapi.json", *EXTENT),
            *("--header", f"Authorization: Bearer {admin_token}"),
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
