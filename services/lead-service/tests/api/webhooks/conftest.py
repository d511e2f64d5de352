import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from lead_service.domain.webhook_signatures import hex_signature, standard_signature

JSON = "application/json"


@pytest.fixture
def add_source(client, store_id):
    """Sets a source up; keywords replace parts of its body."""

    async def add(**changes):
        body = {"name": "天猫", "ready_mapping": "tmall", "store_id": str(store_id), **changes}
        response = await client.post("/v1/intake-sources", json=body)
        assert response.status_code == 201, response.text
        return response.json()

    return add


@pytest.fixture
def send(anonymous):
    """Sends a payload as the source's partner would, signed; keywords replace what is signed or sent."""

    async def send_(source, payload, *, secret=None, delivery_id=None, at=None, content_type=JSON, **headers):
        said = payload if isinstance(payload, str | bytes) else json.dumps(payload, ensure_ascii=False)
        body = said.encode() if isinstance(said, str) else said
        secret, at = secret or source["secret"], at or datetime.now(UTC)
        if source["signing"] == "standard_webhooks":
            id_, timestamp = delivery_id or f"msg_{uuid4()}", str(int(at.timestamp()))
            signature = f"v1,{standard_signature(secret, id_, timestamp, body)}"
            signed = {"webhook-id": id_, "webhook-timestamp": timestamp, "webhook-signature": signature}
        else:
            signed = {"X-Signature": hex_signature(secret, body)}
        sent = {"content-type": content_type, **signed, **{n.replace("_", "-"): v for n, v in headers.items()}}
        return await anonymous.post(source["webhook_path"], content=body, headers=sent)

    return send_
