"""What an operator may set."""

from baoke_chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """Nothing beyond what every service has."""
