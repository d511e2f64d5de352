"""The operator's page names every setting there is, with what the code says of it."""

from importlib import import_module
from pathlib import Path

import pytest
from baoke_chassis.settings import ServiceSettings
from baoke_local.platform import PACKAGES
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

PAGE = Path(__file__).parents[2] / "docs/operating.md"


def rows(settings, of, known=()):
    """A line of the page's table for each setting."""
    for name, field in settings.model_fields.items():
        if name not in known:
            variable = field.validation_alias or f"BAOKE_{name.upper()}"
            yield f"| `{variable}` | {of} | {default(field)} | {field.description} |"


def default(field):
    if field.default is PydanticUndefined:
        return "required"
    if isinstance(field.default, SecretStr):
        return "secret, must be set" if field.default.get_secret_value() else "none"
    return "none" if field.default in {None, ""} else f"`{field.default}`"


@pytest.fixture
def expected():
    lines = list(rows(ServiceSettings, "all"))
    for package in PACKAGES:
        settings = import_module(f"{package}.settings").Settings
        lines += rows(settings, package.replace("_", "-"), known=ServiceSettings.model_fields)
    return lines


def test_the_table_of_settings_is_the_codes(expected):
    told = [line for line in PAGE.read_text().splitlines() if line.startswith(("| `BAOKE_", "| `OTEL_"))]
    assert told == expected
