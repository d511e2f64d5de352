"""What this service refuses, and why."""

from uuid import UUID


class InvalidVin(ValueError):
    """The VIN is none."""


class InvalidPlate(ValueError):
    """The number plate is none."""


class CustomerNotFound(LookupError):
    """There is no such customer."""

    def __init__(self, customer_id: UUID) -> None:
        super().__init__(f"No customer has the id {customer_id}.")


class VehicleNotFound(LookupError):
    """There is no such vehicle."""

    def __init__(self, vehicle_id: UUID) -> None:
        super().__init__(f"No vehicle has the id {vehicle_id}.")


class ComplaintNotFound(LookupError):
    """There is no such complaint."""

    def __init__(self, complaint_id: UUID) -> None:
        super().__init__(f"No complaint has the id {complaint_id}.")


class VehicleBelongsToAnother(Exception):
    """The vehicle is registered to another customer."""

    def __init__(self, vin: str) -> None:
        super().__init__(f"The vehicle with the VIN {vin} is registered to another customer of this dealer.")


class PurchaseInTheFuture(Exception):
    """The vehicle is not bought yet."""

    def __init__(self) -> None:
        super().__init__("A vehicle is registered once it is bought: the purchase date lies in the future.")


class ComplaintIsResolved(Exception):
    """The complaint is resolved already."""

    def __init__(self, complaint_id: UUID) -> None:
        super().__init__(f"The complaint {complaint_id} is resolved; nothing is owed any more.")
