"""docs/asyncapi.yaml, read by the AsyncAPI project's own parser and held against the catalogue."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from baoke_events.contracts.asyncapi import asyncapi
from baoke_events.contracts.drafts import published
from baoke_events.contracts.subscribers import hearers
from jsonschema import Draft7Validator, FormatChecker


@pytest.fixture(scope="module")
def parsed(asyncapi_parser: list[str], repository: Path) -> dict[str, Any]:
    """What the real parser makes of the document."""
    done = subprocess.run(  # noqa: S603 - our own script
        [*asyncapi_parser, str(repository / "docs" / "asyncapi.yaml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_real_parser_finds_no_error_and_no_warning(parsed: dict[str, Any]) -> None:
    assert parsed["version"] == "3.0.0"
    assert {each["code"] for each in parsed["diagnostics"]} <= {"asyncapi-latest-version"}


def test_the_real_parser_finds_every_event_type_in_its_topic(parsed: dict[str, Any]) -> None:
    types = {(topic, name) for topic, names in parsed["channels"].items() for name in names}

    assert types == {(kind.topic, kind.type) for kind in published().values()}


def test_the_real_parser_finds_what_each_service_sends(parsed: dict[str, Any]) -> None:
    sends = {operation for action, operation in parsed["operations"] if action == "send"}

    assert sends == {
        f"{service}.send.{kind.topic.removeprefix('baoke.')}"
        for kind in published().values()
        for service in kind.publishers
    }


def test_the_real_parser_refuses_a_spoilt_document(
    asyncapi_parser: list[str], asyncapi_document: dict[str, Any], tmp_path: Path
) -> None:
    spoilt = {**asyncapi_document, "channels": {"leads": {"adress": "baoke.leads"}}}
    (tmp_path / "asyncapi.yaml").write_text(yaml.safe_dump(spoilt), encoding="utf-8")

    done = subprocess.run(  # noqa: S603 - our own script
        [*asyncapi_parser, str(tmp_path / "asyncapi.yaml")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "adress" in done.stdout


def test_the_document_says_the_same_every_time(repository: Path) -> None:
    hearing = hearers(repository / "services")

    assert asyncapi(hearing) == asyncapi(hearing)


@pytest.mark.parametrize("name", sorted(kind.__name__ for kind in published().values()))
def test_a_message_example_holds_to_its_own_headers_and_payload(asyncapi_document: dict[str, Any], name: str) -> None:
    message = asyncapi_document["components"]["messages"][name]
    (example,) = message["examples"]

    for part in ("headers", "payload"):
        schema = {**message[part], "components": asyncapi_document["components"]}
        Draft7Validator(schema, format_checker=FormatChecker()).validate(example[part])


def test_a_subscription_in_a_services_source_becomes_a_receive_operation(tmp_path: Path) -> None:
    consumers = tmp_path / "claims-service" / "src" / "claims_service" / "consumers"
    consumers.mkdir(parents=True)
    (consumers / "leads.py").write_text("@subscriptions.on(LeadDefeated, catalogue.LeadWon)\nasync def f(): ...\n")

    hearing = hearers(tmp_path)
    operation = yaml.safe_load(asyncapi(hearing))["operations"]["claims-service.receive.leads"]

    assert hearing["baoke.lead.defeated.v1"] == ("claims-service",)
    assert [message["$ref"].rpartition("/")[2] for message in operation["messages"]] == ["LeadDefeated", "LeadWon"]
