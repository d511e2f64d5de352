import codecs
import csv
from io import StringIO

import pytest

ROUTE = "/v1/lead-imports"
CSV = {"Content-Type": "text/csv"}
JOB = "take-imports-in"


@pytest.fixture
def send(client, store_id):
    """Sends a table for a store; answers the import."""

    async def send_(table, client_=None, **asked):
        content = table if isinstance(table, bytes) else table.encode()
        response = await (client_ or client).post(
            ROUTE, content=content, headers=CSV, params={"store_id": str(store_id), **asked}
        )
        assert response.status_code == 202, response.text
        return response.json()

    return send_


@pytest.fixture
def take(send, client, run_job):
    """Sends a table, lets it be taken in, and answers how the import stands."""

    async def take_(table, **asked):
        sent = await send(table, **asked)
        await run_job(JOB)
        return (await client.get(f"{ROUTE}/{sent['import_id']}")).json()

    return take_


@pytest.fixture
def errors(client):
    """The rows of an import's error report, or of its warnings, by column."""

    async def read(import_id, report="errors"):
        response = await client.get(f"{ROUTE}/{import_id}/{report}")
        assert response.content.startswith(codecs.BOM_UTF8)
        return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"), newline="")))

    return read
