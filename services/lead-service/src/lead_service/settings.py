"""What an operator may set."""

from baoke_chassis.settings import ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """Read once, in `__main__`."""

    intake_secret_key: SecretStr = Field(
        default=SecretStr("baoke local development"),
        min_length=16,
        description="key under which the secrets of webhook sources are encrypted; keep it secret, and keep it: "
        "under another key every partner needs a new secret",
    )
