"""What an operator may set for this service."""

from baoke_chassis.settings import ServiceSettings
from pydantic import Field, SecretStr


class Settings(ServiceSettings):
    """Read once, in `__main__`."""

    phone_hash_key: SecretStr = Field(
        default=SecretStr("baoke local development"),
        min_length=16,
        description="key under which phones are hashed to compare them; keep it secret, and keep it: "
        "phones hashed under another key do not compare",
    )
