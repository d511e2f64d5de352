"""Field mappings of senders that many dealers have, ready to use: one JSON file each, with a sample payload."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lead_service.domain.intake import Signing
from lead_service.domain.mapping import FieldMapping
from lead_service.domain.mapping_documents import mapping_of
from lead_service.domain.source import Channel


@dataclass(frozen=True, slots=True)
class ReadyMapping:
    """A sender's payload and how to read it. `sample` is JSON, or a form as its text."""

    name: str
    title_zh: str
    title_en: str
    channel: Channel
    signing: Signing
    mapping: FieldMapping
    sample: Any

    @property
    def media_type(self) -> str:
        """What the sample is."""
        return "application/x-www-form-urlencoded" if isinstance(self.sample, str) else "application/json"


@cache
def ready_mappings() -> Mapping[str, ReadyMapping]:
    """All of them, by name."""
    found = sorted((f for f in files(__package__).iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    read = [_ready(file.name.removesuffix(".json"), json.loads(file.read_text(encoding="utf-8"))) for file in found]
    return {one.name: one for one in read}


def _ready(name: str, document: Mapping[str, Any]) -> ReadyMapping:
    return ReadyMapping(
        name=name,
        title_zh=document["title_zh"],
        title_en=document["title_en"],
        channel=Channel(document["channel"]),
        signing=Signing(document["signing"]),
        mapping=mapping_of(document["mapping"]),
        sample=document["sample"],
    )
