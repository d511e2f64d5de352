"""`python -m loyalty_service api | worker | migrate | replay`."""

from baoke_chassis.cli import main

from loyalty_service.app import service
from loyalty_service.settings import Settings

main(Settings, service)
