"""Our topics, read by what others have: kcat (librdkafka, C) and a client of pure JavaScript."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from contract.other_languages.kcat import Kcat

pytestmark = pytest.mark.kafka

COMMAND = ("-C", "-e", "-q", "-J", "-m", "60")
"""Consume to the end, quietly, as JSON; the broker may take a minute to say what it has."""

Heard = tuple[str, str, str, int, Any]


async def test_kcat_prints_what_was_published(kcat: Kcat, kafka: str, said: list[Heard]) -> None:
    heard = []
    for topic in sorted({topic for topic, *_ in said}):
        printed = await asyncio.to_thread(kcat.run, *COMMAND, "-b", kafka, "-t", topic)
        for record in map(json.loads, printed.splitlines()):
            headers = dict(zip(record["headers"][::2], record["headers"][1::2], strict=True))
            data = record["payload"] and json.loads(record["payload"])
            heard.append((topic, record["key"], headers["ce_type"], int(headers["ce_sequence"]), data))

    assert [each for each in heard if each[1] == said[0][1]] == sorted(said, key=lambda each: each[0])


async def test_the_node_example_prints_what_was_published_and_finds_that_it_fits_the_schemas(
    node: Callable[[Path], list[str]], repository: Path, kafka: str, said: list[Heard]
) -> None:
    command = node(repository / "docs" / "examples" / "node" / "consumer.mjs")
    topics = sorted({topic for topic, *_ in said})
    environment = {**os.environ, "GROUP": f"node-{said[0][1]}"}
    heard = []

    reader = await asyncio.create_subprocess_exec(*command, kafka, *topics, stdout=PIPE, env=environment)
    assert reader.stdout is not None
    try:
        async with asyncio.timeout(120):
            while len(heard) < len(said):
                line = await reader.stdout.readline()
                assert line, "the example ended"
                heard += [each for each in [tuple(json.loads(line).values())] if each[1] == said[0][1]]
    finally:
        if reader.returncode is None:
            reader.terminate()
        await reader.communicate()

    assert sorted(heard, key=lambda each: each[0]) == sorted(said, key=lambda each: each[0])


async def test_the_node_example_refuses_data_that_does_not_fit(
    node: Callable[[Path], list[str]], repository: Path, kafka: str, said: list[Heard], tmp_path: Path
) -> None:
    command = node(repository / "docs" / "examples" / "node" / "consumer.mjs")
    schema = json.loads((repository / "libs/events/schemas/baoke.lead.won.v1.json").read_text(encoding="utf-8"))
    (tmp_path / "baoke.lead.won.v1.json").write_text(json.dumps({**schema, "required": ["never_said"]}))
    environment = {**os.environ, "GROUP": f"strict-{said[0][1]}", "SCHEMAS": f"{tmp_path.as_uri()}/"}

    reader = await asyncio.create_subprocess_exec(
        *command, kafka, "baoke.leads", stdout=PIPE, stderr=PIPE, env=environment
    )
    async with asyncio.timeout(120):
        _, complaint = await reader.communicate()

    assert reader.returncode != 0
    assert "must have required property 'never_said'" in complaint.decode()
