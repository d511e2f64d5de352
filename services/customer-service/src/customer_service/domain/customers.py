"""Who a customer is and how to reach them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

Key = tuple[UUID, UUID]
"""A dealer's id and the id of something of that dealer."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a person."""

    name: str
    phone: str | None
    """E.164."""
    phone_is_relay: bool = False
    """A relay number (隐私号) identifies nobody."""
    email: str | None = None
    wecom_id: str | None = None
    locale: str = "zh-CN"
    time_zone: str = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Customer:
    """A registered person."""

    dealer_id: UUID
    customer_id: UUID
    store_id: UUID
    contact: Contact
    birthday: date | None
    registered_at: datetime

    @property
    def key(self) -> Key:
        """The dealer and the customer."""
        return self.dealer_id, self.customer_id
