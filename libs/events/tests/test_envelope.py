"""What is encoded can be decoded, by this version and by a reader that knows less."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from baoke_events import MileageUpdated
from baoke_events.envelope import NotACloudEvent, decode, encode
from pydantic import ValidationError

EVENT = MileageUpdated(
    id=UUID(int=1),
    dealer_id=UUID(int=2),
    occurred_at=datetime(2026, 1, 5, 8, 30, tzinfo=UTC),
    sequence=7,
    correlation_id=UUID(int=3),
    causation_id=UUID(int=4),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    vehicle_id=UUID(int=5),
    customer_id=UUID(int=6),
    store_id=UUID(int=8),
    km=29_700,
    read_at=datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
    reading_source="telematics",
)


def test_an_event_survives_the_journey():
    record = encode(EVENT, service="customer-service")

    assert (record.topic, record.key) == ("baoke.vehicles", str(EVENT.vehicle_id))
    assert decode(record.headers, record.value) == EVENT


def test_the_headers_are_cloudevents_in_binary_mode():
    headers = dict(encode(EVENT, service="customer-service").headers)

    assert headers == {
        "ce_specversion": b"1.0",
        "ce_id": str(EVENT.id).encode(),
        "ce_source": b"/baoke/customer-service",
        "ce_type": b"baoke.vehicle.mileage_updated.v1",
        "ce_subject": str(EVENT.vehicle_id).encode(),
        "ce_time": b"2026-01-05T08:30:00Z",
        "ce_dataschema": b"urn:baoke:schema:baoke.vehicle.mileage_updated.v1",
        "ce_dealerid": str(EVENT.dealer_id).encode(),
        "ce_sequence": b"7",
        "ce_correlationid": str(EVENT.correlation_id).encode(),
        "ce_causationid": str(EVENT.causation_id).encode(),
        "ce_traceparent": b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "content-type": b"application/json",
    }


def test_a_reader_passes_over_what_it_does_not_know():
    record = encode(EVENT, service="customer-service")
    newer = json.dumps({**json.loads(record.value), "hardness": 3}).encode()

    assert decode(record.headers, newer) == EVENT


def test_a_writer_cannot_say_what_is_not_in_the_schema():
    with pytest.raises(ValidationError):
        MileageUpdated(**{**EVENT.model_dump(), "id": EVENT.id, "dealer_id": EVENT.dealer_id, "hardness": 3})


def test_a_type_nobody_here_knows_is_no_event():
    assert decode([("ce_type", b"baoke.lead.sneezed.v1")], b"{}") is None


@pytest.mark.parametrize("missing", ["ce_type", "ce_id", "ce_dealerid", "ce_time"])
def test_a_record_without_a_required_attribute_is_refused(missing):
    record = encode(EVENT, service="customer-service")

    with pytest.raises(NotACloudEvent):
        decode([header for header in record.headers if header[0] != missing], record.value)
