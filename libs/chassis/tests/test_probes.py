"""What machines ask a process."""

import asyncio
import socket
from contextlib import suppress

import httpx
from baoke_chassis.launch import worker_probes
from baoke_chassis.serving import serve
from baoke_chassis.worker import Worker
from baoke_events.transports.embedded import EmbeddedTransport


def client_of(app):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://worker.test")


async def test_a_worker_is_alive_while_its_relay_and_jobs_are_and_tells_what_it_counts(service, database, scrape):
    transport = EmbeddedTransport()
    worker = Worker(service, database, transport)
    probes = worker_probes(database, transport, worker)
    async with client_of(probes) as client:
        await worker.start()
        assert (await client.get("/healthz")).json() == {"status": "ok", "checks": {}}
        assert (await client.get("/readyz")).json() == {
            "status": "ok",
            "checks": {"database": "ok", "transport": "ok"},
        }

        relay = next(task for task in worker._tasks if task.get_name().startswith("relay"))
        relay.cancel()
        await asyncio.wait([relay])
        lost = await client.get("/healthz")
        assert (lost.status_code, lost.json()["checks"]) == (503, {"relay sample-service": "ended"})

        figures = await client.get("/metrics")
        assert figures.headers["content-type"].startswith("text/plain")
        assert 'baoke_consumer_gaps_total{service="sample-service",topic="baoke.leads"}' in figures.text
        asked = await client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
        assert asked.headers["content-type"].startswith("application/openmetrics-text")
        assert asked.text.endswith("# EOF\n")
        await worker.stop()


async def test_a_process_that_was_told_to_stop_says_so_before_its_port_closes(service, database):
    worker, stop = Worker(service, database, EmbeddedTransport()), asyncio.Event()
    probes = worker_probes(database, EmbeddedTransport(), worker)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serving = asyncio.create_task(serve(probes, host="127.0.0.1", port=port, until=stop, drain_s=5))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        ready = await answer(client, "/readyz")
        stop.set()
        await asyncio.sleep(0)
        leaving = await client.get("/readyz")
    await serving

    assert (ready.status_code, leaving.status_code) == (200, 503)
    assert leaving.json()["checks"] == {"process": "stopping"}


async def answer(client, path):
    """The first answer, once the port is open."""
    async with asyncio.timeout(30):
        while True:
            with suppress(httpx.ConnectError):
                return await client.get(path)
            await asyncio.sleep(0.02)
