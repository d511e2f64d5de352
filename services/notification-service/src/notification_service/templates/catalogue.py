"""The templates that come with the service, read once from `files/`, one YAML file per template."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
import yaml
from jinja2.sandbox import SandboxedEnvironment

from notification_service.domain.errors import UnknownTemplate
from notification_service.domain.messages import Channel
from notification_service.domain.parties import DEFAULT_LOCALE
from notification_service.templates.filters import FILTERS

LOCALES = (DEFAULT_LOCALE, "en")


@dataclass(frozen=True, slots=True)
class Body:
    """What one channel carries in one language; only e-mail has a subject."""

    subject: jinja2.Template | None
    text: jinja2.Template


@dataclass(frozen=True, slots=True)
class Template:
    """One thing to say, in every language and for every channel."""

    name: str
    version: int
    """Grows with every change of the words, and is kept with each message that was sent."""
    about: str
    example: Mapping[str, Any]
    """Data that fills it: every field it reads."""
    bodies: Mapping[tuple[str, Channel], Body]


def locale_of(wanted: str) -> str:
    """The language we have for a BCP 47 tag: English for en-*, Chinese for everything else."""
    return "en" if wanted.lower().split("-")[0] == "en" else DEFAULT_LOCALE


@cache
def shipped_templates() -> Mapping[str, Template]:
    """Every template by its name."""
    sources = (f for f in files(__package__).joinpath("files").iterdir() if f.name.endswith(".yaml"))
    parsed = (_parse(f.name.removesuffix(".yaml"), yaml.safe_load(f.read_text("utf-8"))) for f in sources)
    return {t.name: t for t in sorted(parsed, key=lambda t: t.name)}


def template_named(name: str) -> Template:
    """The template of that name.

    Raises:
        UnknownTemplate: there is none.
    """
    try:
        return shipped_templates()[name]
    except KeyError:
        raise UnknownTemplate(name) from None


def _environment() -> SandboxedEnvironment:
    """Templates see their data and nothing of the machine; what they lack is an error, not an empty place.

    Nothing is escaped: SMS and e-mail carry plain text. Whoever shows one as HTML escapes it there.
    """
    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False, trim_blocks=True)
    environment.filters.update(FILTERS)
    return environment


_ENVIRONMENT = _environment()


def _parse(name: str, source: Mapping[str, Any]) -> Template:
    bodies = {(locale, channel): _body(source[locale][channel.value]) for locale in LOCALES for channel in Channel}
    return Template(name, source["version"], source["about"], source["example"], bodies)


def _body(source: str | Mapping[str, str]) -> Body:
    if isinstance(source, str):
        return Body(subject=None, text=_ENVIRONMENT.from_string(source))
    return Body(_ENVIRONMENT.from_string(source["subject"]), _ENVIRONMENT.from_string(source["text"]))
