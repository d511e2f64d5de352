"""`python -m lead_service api | worker | migrate | replay`."""

from baoke_chassis.cli import main

from lead_service.app import service
from lead_service.settings import Settings

if __name__ == "__main__":
    main(Settings, service)
