"""`python -m customer_service api | worker | migrate | replay`."""

from baoke_chassis.cli import main

from customer_service.app import service
from customer_service.settings import Settings

if __name__ == "__main__":
    main(Settings, service)
