"""A secret that everybody knows is none."""

import pytest
from baoke_chassis.cli import require_secrets
from baoke_chassis.settings import ServiceSettings
from pydantic import SecretStr


class Settings(ServiceSettings):
    pepper: SecretStr = SecretStr("for development")
    optional: SecretStr = SecretStr("")


def test_the_development_secret_is_refused_by_name():
    with pytest.raises(SystemExit, match="Set BAOKE_PEPPER"):
        require_secrets(Settings(database_url="unused"))


def test_a_secret_of_ones_own_will_do():
    require_secrets(Settings(database_url="unused", pepper=SecretStr("my own")))
