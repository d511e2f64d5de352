"""Who and what the samples are about: one dealer group, one won lead, one owner who sent them."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import TypedDict
from uuid import UUID


class Envelope(TypedDict):
    """What travels as headers, by the names that `Event` gives it."""

    id: UUID
    dealer_id: UUID
    occurred_at: datetime
    sequence: int
    correlation_id: UUID
    causation_id: UUID
    traceparent: str


def at(text: str) -> datetime:
    """An instant in UTC, written like `2026-03-09 02:15`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def id_of(name: str, born: datetime) -> UUID:
    """The UUIDv7 (RFC 9562) of a thing made at `born`; its random bits are drawn from `name`, so it never changes."""
    milliseconds = int(born.timestamp() * 1000)
    chance = int.from_bytes(sha256(name.encode()).digest()[:10])
    return UUID(int=milliseconds << 80 | 0x7 << 76 | (chance >> 68) << 64 | 0b10 << 62 | chance & (1 << 62) - 1)


DEALER = id_of("dealer group", at("2025-11-03 01:00"))
STORE = id_of("store in Pudong", at("2025-11-03 01:05"))
ADVISOR = id_of("advisor", at("2025-11-03 01:30"))

LEAD = id_of("lead", at("2026-03-09 02:15"))
BUYER = id_of("customer who was that lead", at("2026-04-18 06:40"))
BUYERS_CAR = id_of("vehicle of that customer", at("2026-04-18 06:41"))
BUYERS_VIN = "LGXCE6CB2R0123457"
FORMER_CAR = id_of("vehicle that customer gave in payment", at("2019-06-01 02:30"))
FORMER_VIN = "LSVAA4187E2184847"

OWNER = id_of("customer who recommends", at("2023-05-20 03:00"))
OWNERS_CAR = id_of("vehicle of the recommending customer", at("2023-05-20 03:01"))
OWNERS_VIN = "LSVCA6BRXMN108642"
OWNERS_CODE = "WF7K3Q9M"

TRIED_LEAD = id_of("lead that tried a car", at("2026-03-02 03:10"))
DEMO_CAR = id_of("demo car", at("2026-01-12 02:00"))
COLLEAGUE = id_of("advisor who took over", at("2025-11-03 01:31"))

UNDONE_LEAD = id_of("lead whose sale was undone", at("2026-05-02 05:40"))
UNDONE_CAR = id_of("vehicle of the sale that was undone", at("2026-05-09 03:21"))
UNDONE_VIN = "LGXCE6CB6R0123459"
UNDONE_BUYER = id_of("customer of the sale that was undone", at("2026-05-09 03:21"))

REOPENED_LEAD = id_of("lead that called back", at("2026-02-02 02:00"))

APPOINTMENT = id_of("appointment", at("2026-05-28 01:12"))
VISIT = id_of("visit", at("2026-06-02 01:04"))
REFERRAL = id_of("referral", at("2026-03-09 02:15"))
COMPLAINT = id_of("complaint", at("2026-06-05 08:20"))
MESSAGE = id_of("message", at("2026-03-27 02:00"))
FUEL_CARD = id_of("fuel card", at("2026-04-25 07:00"))


def told(fact: str, moment: str, *, sequence: int) -> Envelope:
    """The envelope of a fact of the demo dealer; `fact` names it among the samples."""
    occurred_at = at(moment)
    trace = sha256(f"trace of {fact}".encode()).hexdigest()
    return {
        "id": id_of(fact, occurred_at),
        "dealer_id": DEALER,
        "occurred_at": occurred_at,
        "sequence": sequence,
        "correlation_id": id_of(f"request behind {fact}", occurred_at),
        "causation_id": id_of(f"cause of {fact}", occurred_at),
        "traceparent": f"00-{trace[:32]}-{trace[32:48]}-01",
    }
