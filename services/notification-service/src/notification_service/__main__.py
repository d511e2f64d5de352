"""`python -m notification_service api | worker | migrate | replay`."""

from baoke_chassis.cli import main

from notification_service.app import service
from notification_service.settings import Settings

if __name__ == "__main__":
    main(Settings, service)
