"""`python -m service_reminder api | worker | migrate | replay`."""

from baoke_chassis.cli import main

from service_reminder.app import service
from service_reminder.settings import Settings

if __name__ == "__main__":
    main(Settings, service)
