"""What an operator may set."""

from baoke_chassis.settings import ServiceSettings


class Settings(ServiceSettings):
    """service-reminder needs nothing beyond what all services have."""
