"""What a service is made of. `api`, `worker` and the tests are built from this one value."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from baoke_events.consuming import Subscriptions
from fastapi import APIRouter, FastAPI
from sqlalchemy import MetaData

from baoke_chassis.jobs import Job
from baoke_chassis.policy_changes import PreviewPolicy
from baoke_chassis.settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What a service answers over HTTP."""

    routers: Sequence[APIRouter] = ()
    refusals: Mapping[type[Exception], HTTPStatus] = field(default_factory=dict)
    preview_policy: PreviewPolicy | None = None
    """Whom a change of the rules would touch."""
    prepare: Callable[[FastAPI], None] | None = None
    """Last touches to the app, such as what its routes need on `app.state`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The composition of one service. Holds no rule and opens nothing."""

    name: str
    title: str
    description: str
    package: str
    settings: ServiceSettings
    metadata: MetaData
    load_api: Callable[[], Api] = Api
    """Asked by those who serve it: a worker starts sooner without the routes and their models."""
    policy: type[Any] | None = None
    check_policy: Callable[[Any], None] | None = None
    """Raises ValueError for rules that fit the type and cannot work, such as a journey to an unknown template."""
    subscriptions: Sequence[Subscriptions] = ()
    jobs: Sequence[Job] = ()

    @property
    def migrations(self) -> Path:
        """The folder of the service's Alembic versions, beside its sources or inside its wheel."""
        package = Path(str(importlib.import_module(self.package).__file__)).parent
        inside = package / "migrations"
        return (inside if inside.exists() else package.parent.parent / "migrations") / "versions"
