"""What an operator may set."""

from baoke_chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """customer-service has no settings of its own."""
