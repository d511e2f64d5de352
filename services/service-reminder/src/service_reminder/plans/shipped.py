"""The plans that every dealer starts with."""

from functools import cache
from importlib.resources import files

from service_reminder.domain.plan_files import plan_of
from service_reminder.domain.plans import Plan
from service_reminder.plans.reading import yaml_content


@cache
def shipped_plans() -> tuple[Plan, ...]:
    """Return the plans of the package's YAML files, each named after its file, as version 0."""
    found = sorted((f for f in files(__package__).iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(
        plan_of(file.name.removesuffix(".yaml"), yaml_content(file.read_text(encoding="utf-8")), version=0)
        for file in found
    )
